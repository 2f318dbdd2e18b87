#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/explain/seen.h"

namespace faultrig {

// Reads the summary that gotestsum prints at its end, whatever its format:
// `=== Failed`, `=== FAIL: pkg TestX (0.01s)`, `=== Errors`, `DONE 3 tests, 1
// failure in 0.4s`. It names packages without the path of their module.
class SummaryReader {
 public:
  // False if the line is of no summary.
  bool take(const LogLine& line);

  // Has it begun, and not ended?
  bool is_open() const { return part_ != Part::none; }

  // Has the line come that ends it?
  bool is_done() const { return done_; }

  // What it told of each package, once; it is empty afterwards.
  std::vector<Seen> finish();

 private:
  enum class Part { none, failed, errors, other };
  // What stands below one `=== FAIL: ` or `=== SKIP: `.
  struct Entry {
    std::string package;
    std::string test;    // empty: what belongs to no test
    bool ended = false;  // the test has an end
    int run = 0;         // of --rerun-fails: 0 is the first
    std::vector<LogLine> lines;
  };
  using Entries = std::vector<const Entry*>;

  bool take_head(const LogLine& line);
  bool begins(std::string_view text);
  bool passed_later(const Entry& entry) const;
  Seen seen_of(const std::string& package, const Entries& entries) const;
  void add_errors(std::vector<Seen>& seen) const;

  Part part_ = Part::none;
  bool done_ = false;
  std::vector<Entry> entries_;
  std::vector<LogLine> errors_;
  std::size_t lines_ = 0;
  int runs_ = 1;
};

}  // namespace faultrig
