#pragma once

#include <string>
#include <vector>

#include "harness/report/kept_report.h"

namespace faultrig {

// The parts of one run, joined as if one machine had done all of it.
struct Merged {
  std::vector<Judgement> scenarios;
  std::uint64_t seed = 1;
  std::string started;               // the earliest
  std::chrono::nanoseconds took{0};  // the longest
  std::vector<std::string> chosen;   // what parts say, each line once
  // What is missing: `shards 2, 3 of 5 are missing`, or why one was cut short.
  // Empty: nothing.
  std::string incomplete;
};

// Fails where they are not parts of one run: no part at all, written by
// different versions, with different seeds, of different scenarios, timings or
// numbers of parts, one of them twice, or a scenario in two or in none. The
// error names the files.
Result<Merged> merge_reports(const std::vector<KeptReport>& parts);

}  // namespace faultrig
