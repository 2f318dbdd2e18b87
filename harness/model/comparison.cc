#include "harness/model/comparison.h"

#include <cmath>
#include <cstdint>

namespace faultrig {

namespace {

// `1.3`; of what is close to 1 `1.04`.
std::string factor(double value) {
  constexpr double kClose = 0.1;
  constexpr std::int64_t kHundred = 100;
  bool fine = std::abs(value - 1) < kClose;
  auto hundredths = static_cast<std::int64_t>(
      fine ? std::llround(value * kHundred) : std::llround(value * 10) * 10);
  std::string rest = std::to_string(hundredths % kHundred);
  rest = (rest.size() < 2 ? "0" : "") + rest;
  return std::to_string(hundredths / kHundred) + "." +
         (fine ? rest : rest.substr(0, 1));
}

}  // namespace

std::string Latency::text() const {
  std::string name = verdict == Verdict::slower   ? "slower"
                     : verdict == Verdict::faster ? "faster"
                     : verdict == Verdict::same   ? "same"
                                                  : "cannot tell";
  return verdict == Verdict::not_asked
             ? "not compared"
             : name + " " + factor(ratio) + "x (" + factor(low) + ".." +
                   factor(high) + ")";
}

// A difference that was seen is one, whatever was not seen beside it.
Comparison::Verdict Comparison::verdict() const {
  using Time = Latency::Verdict;
  bool differs = !features.same() || latency.verdict == Time::slower ||
                 latency.verdict == Time::faster;
  if (differs) {
    return Verdict::different;
  }
  bool all = features.unseen.empty() && !features.common.empty() &&
             latency.verdict != Time::cannot_tell;
  return all ? Verdict::same : Verdict::cannot_tell;
}

std::string_view comparison_name(Comparison::Verdict verdict) {
  return verdict == Comparison::Verdict::same        ? "same"
         : verdict == Comparison::Verdict::different ? "different"
                                                     : "cannot tell";
}

}  // namespace faultrig
