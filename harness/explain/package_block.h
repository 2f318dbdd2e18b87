#pragma once

#include <deque>
#include <map>
#include <optional>
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
  // What comes now is of this test, as -json says; of none if it is empty.
  void speak_for(const std::string& test) { current_ = test; }
  // All that comes is the process's own, as an event says: no CI speaks here.
  void seal() { sealed_ = true; }
  // Does a test run that has not ended yet?
  bool is_running() const;

  // Does this line, of the testing package, end a test that this block has
  // begun and not seen end?
  bool waits_for(std::string_view line) const;
  // The lines of `later` came behind ours.
  void absorb(const PackageBlock& later);

  // Were packages named to go, so that it shows no exit status of one that
  // printed anything?
  void set_listed(bool listed) { listed_ = listed; }

  // All that was seen, but for the result line, of which `verdict` is known.
  Seen seen(const std::string& verdict = "none") const;

 private:
  enum class State { running, passed, failed, skipped };

  bool take_word(std::string_view text);
  void set(State& state, State now);
  void alive();
  void print(const LogLine& line, const std::string& test);
  void tell_tests(Seen& seen) const;
  void tell_end(const std::string& verdict, Seen& seen) const;
  void tell_lines(const std::string& verdict, Seen& seen) const;
  bool is_failing(std::string_view test) const;
  std::map<std::string_view, std::int64_t> last_messages() const;

  struct Printed {
    LogLine line;
    std::string test;  // that ran, or whose end stands above; empty: none
  };

  bool empty_ = true;
  bool listed_ = false;
  bool sealed_ = false;
  std::int64_t last_word_ = 0;  // line of the testing package's last word
  std::string current_;         // the test that runs, or has just ended
  bool behind_end_ = false;     // below `--- FAIL: TestX`
  std::string finished_ = "none";
  std::map<std::string, State, std::less<>> tests_;
  std::size_t running_ = 0;     // of them: asked for with each line
  bool announces_ = false;      // it has `=== RUN` lines (-v, -json)
  std::vector<Printed> head_;   // of what the process printed
  std::deque<Printed> tail_;    // the last of it
  std::vector<LogLine> crash_;  // from a headline on, if nothing followed
  std::deque<LogLine> last_;    // since the testing package's last word
};

}  // namespace faultrig
