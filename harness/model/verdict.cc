#include "harness/model/verdict.h"

#include <algorithm>
#include <array>

namespace faultrig {

namespace {

constexpr std::array<std::string_view, 5> kVerdicts{
    "pass", "skipped", "inconclusive", "fail", "error"};

}  // namespace

std::string_view verdict_name(Verdict verdict) {
  return kVerdicts.at(static_cast<std::size_t>(verdict));
}

std::optional<Verdict> verdict_named(std::string_view name) {
  auto found = std::find(kVerdicts.begin(), kVerdicts.end(), name);
  if (found == kVerdicts.end()) {
    return std::nullopt;
  }
  return static_cast<Verdict>(found - kVerdicts.begin());
}

Verdict worse(Verdict a, Verdict b) { return std::max(a, b); }

std::size_t Totals::of(Verdict verdict) const {
  return counts[static_cast<std::size_t>(verdict)];
}

std::size_t Totals::all() const {
  std::size_t sum = 0;
  for (std::size_t count : counts) {
    sum += count;
  }
  return sum;
}

Totals totals_of(std::span<const Judgement> judgements) {
  Totals totals;
  for (const Judgement& judgement : judgements) {
    ++totals.counts[static_cast<std::size_t>(judgement.verdict)];
  }
  return totals;
}

}  // namespace faultrig
