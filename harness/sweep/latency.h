#pragma once

#include <chrono>
#include <vector>

#include "harness/model/comparison.h"

namespace faultrig {

// So many runs a side are needed for an answer.
inline constexpr int kLeastRuns = 5;

// Does the second side take longer? One time for each run; both sides are to be
// run in turns, on the same machine. `tolerance`: 0.1 for 10 %, at most so much
// is the same. The same times give the same answer, on any machine. Pure.
//
// slower: Mann-Whitney p < 0.01, and the 95 % interval of the ratio of medians
// lies above 1 + tolerance; faster: the same of the first side. same: that
// interval lies within the tolerance. Else nobody can tell.
Latency latency_of(const std::vector<std::chrono::nanoseconds>& first,
                   const std::vector<std::chrono::nanoseconds>& second,
                   double tolerance);

// Two-sided p of the rank-sum test of Mann and Whitney: exact for 25 values a
// side at most, none of them twice; else by the normal approximation with
// corrections for ties and continuity. 1 where a side is empty.
double mann_whitney(const std::vector<double>& first,
                    const std::vector<double>& second);

}  // namespace faultrig
