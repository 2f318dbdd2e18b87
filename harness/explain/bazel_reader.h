#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/explain/package_block.h"
#include "harness/explain/seen.h"

namespace faultrig {

// Reads what `bazel test` says of its targets: the output that it shows between
// rules (--test_output), and its summary, `//cart:cart_test FAILED in 0.3s`.
class BazelReader {
 public:
  // False if the line is none of bazel's, and of no output that it shows.
  bool take(const LogLine& line);

  // Does the output of a target lie open?
  bool is_open() const { return !open_.empty(); }

  // What is known of each target; it is empty afterwards.
  std::vector<Seen> finish();

 private:
  struct Target {
    PackageBlock block;
    bool shown = false;   // its output was
    std::string verdict;  // bazel's word: FAILED, TIMEOUT, FLAKY, PASSED, ...
    LogLine line;
  };

  bool take_summary(const LogLine& line);
  Target* target(const std::string& label);
  static std::optional<Seen> seen_of(const std::string& label,
                                     const Target& target);

  std::map<std::string, Target> targets_;
  std::string open_;  // the target whose output is shown
};

}  // namespace faultrig
