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

bool is_good(Verdict verdict) {
  return verdict == Verdict::pass || verdict == Verdict::skipped;
}

bool is_red(const Judgement& judgement) {
  return !is_good(judgement.verdict) && judgement.apart.excused.empty();
}

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

std::string JudgedHang::text() const {
  std::string out = std::to_string(count) + " goroutine" +
                    (count == 1 ? "" : "s") + " [" + state + "]";
  return where.empty() ? out : out + " in " + where;
}

Totals totals_of(std::span<const Judgement> judgements) {
  Totals totals;
  for (const Judgement& judgement : judgements) {
    auto verdict = static_cast<std::size_t>(judgement.verdict);
    ++(!judgement.apart.not_run.empty()   ? totals.not_run
       : !judgement.apart.excused.empty() ? totals.excused
                                          : totals.counts[verdict]);
  }
  return totals;
}

}  // namespace faultrig
