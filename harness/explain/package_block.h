#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/explain/seen.h"

namespace faultrig {

// go's line on a package: `FAIL\tpkg [build failed]`.
struct ResultLine {
  std::string package;
  std::string verdict;  // see Seen::verdict
  bool cached = false;
};

// Nothing if the line is none.
std::optional<ResultLine> result_line(std::string_view line);

// What one package's lines say, line by line. What it keeps is bounded, however
// many lines come.
class PackageBlock {
 public:
  // A line of the package, in the order of the log.
  void add(const LogLine& line);
  bool empty() const { return empty_; }
  // Does a test run that has not ended yet?
  bool is_running() const;

  // Does this line, of the testing package, end a test that this block has
  // begun and not seen end?
  bool waits_for(std::string_view line) const;
  // The lines of `later` came behind ours.
  void absorb(const PackageBlock& later);

  // All that was seen, but for the result line.
  Seen seen() const;

 private:
  enum class State { running, passed, failed, skipped };

  bool take_word(std::string_view text);
  void alive();
  void print(const LogLine& line);
  void tell_tests(Seen& seen) const;

  bool empty_ = true;
  std::string finished_ = "none";
  std::map<std::string, State, std::less<>> tests_;
  bool announces_ = false;      // it has `=== RUN` lines (-v, -json)
  std::vector<LogLine> head_;   // of what the process printed
  std::deque<LogLine> tail_;    // the last of it
  std::vector<LogLine> crash_;  // from a headline on, if nothing followed
  std::deque<LogLine> last_;    // since the testing package's last word
};

}  // namespace faultrig
