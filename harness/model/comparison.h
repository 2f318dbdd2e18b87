#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/model/snapshot.h"

namespace faultrig {

// How long the runs of one side took, beside those of the other.
struct Latency {
  enum class Verdict {
    not_asked,  // both sides were not run by us, in turns
    same,
    slower,
    faster,
    cannot_tell
  };
  Verdict verdict = Verdict::not_asked;
  int times = 0;     // runs of each side
  double ratio = 0;  // of the medians, the second by the first
  double low = 0;    // 95 % confidence interval of that
  double high = 0;
  double p = 1;                       // Mann-Whitney, two-sided
  std::chrono::nanoseconds first{0};  // the medians
  std::chrono::nanoseconds second{0};

  // `slower 1.3x (1.2..1.5)`.
  std::string text() const;
};

// One program beside another, or the same at another time.
struct Comparison {
  std::string first;  // what was compared, for people
  std::string second;
  Compared features;
  Latency latency;
  std::vector<std::string> notes;  // what else is to be known, a line each

  enum class Verdict { same, different, cannot_tell };
  Verdict verdict() const;
};
// `same`, `different`, `cannot tell`.
std::string_view comparison_name(Comparison::Verdict verdict);

}  // namespace faultrig
