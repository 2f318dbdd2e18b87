#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What a Go test binary says of itself, read line by line while it runs, in
// bounded memory. What only looks like it, a test may print too, unless the
// lines of testing are `marked` (marks_its_lines()).
class TestWords {
 public:
  explicit TestWords(bool marked) : marked_(marked) {}
  void take(std::string_view line);

  // PASS or FAIL, whichever the testing package said last; empty: neither. A
  // PASS may stand at the end of a line that a test did not end.
  const std::string& last() const { return last_; }
  // Top-level tests that were said to run; 0 without -test.v.
  std::int64_t ran() const { return ran_; }
  std::int64_t failed() const { return failed_; }
  // The first of those that failed.
  const std::vector<std::string>& names() const { return names_; }
  bool nothing_to_run() const { return nothing_to_run_; }

 private:
  bool marked_;
  std::string last_;
  std::int64_t ran_ = 0;
  std::int64_t failed_ = 0;
  std::vector<std::string> names_;
  bool nothing_to_run_ = false;
};

// Is this the command line of a test binary that runs tests and says PASS or
// FAIL at its end? One that lists tests, a worker of a fuzzer, and whatever has
// no `-test.` flag do not.
bool will_say_a_word(const std::vector<std::string>& argv);

}  // namespace faultrig
