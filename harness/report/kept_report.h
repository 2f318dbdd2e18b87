#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/shard.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A report for programs, read again.
struct KeptReport {
  std::string file;  // as it was named
  std::string faultrig;
  std::uint64_t seed = 1;
  std::string started;
  std::chrono::nanoseconds took{0};
  std::string cut_short;
  Shard shard;
  std::vector<std::string> chosen;  // as in ReportStyle
  std::vector<Judgement> scenarios;
};

// A usage error, which names the file, if `text` is none, or one of a format
// that is newer than ours.
Result<KeptReport> parse_report(const std::string& text,
                                const std::string& file);

}  // namespace faultrig
