#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/bazel_reader.h"
#include "harness/explain/log_line.h"
#include "harness/explain/package_block.h"
#include "harness/explain/run_ends.h"
#include "harness/explain/seen.h"
#include "harness/explain/summary_reader.h"
#include "harness/judge/test_event.h"

namespace faultrig {

// Reads what one `go test`, or several in a row, wrote, plain, -v or -json,
// line by line, without what others put before the lines. Memory is bounded.
// Tells of each package once, when its result has come.
class RunReader {
 public:
  using Take = std::function<void(Seen)>;
  explicit RunReader(Take take);

  void take(const LogLine& line);
  // The log ends here; also tells of what had no result.
  void finish();

 private:
  struct Closed {
    PackageBlock block;
    ResultLine result;
    LogLine line;
    Opening opening = Opening::goes_on;
    bool ended = false;  // go's last word on its run came
    bool odd = false;    // and more results behind it
  };
  // A package of a -json log.
  struct Channel {
    PackageBlock block;
    std::string partial;  // an output without the end of its line yet
    std::optional<ResultLine> result;
    LogLine line;
  };

  void take_text(const LogLine& line);
  bool take_build_line(const LogLine& line);
  bool take_event(const LogLine& line);
  bool may_be_event(const LogLine& line) const;
  bool is_within_test() const;
  void take_output(const TestEvent& event, const LogLine& line);
  void take_channel_line(const std::string& package, Channel& channel,
                         const LogLine& line);
  void close_channel(const std::string& package, const std::string& verdict);
  void add_built(Seen& seen);
  void add_others(Seen& seen);
  void note_built(const std::string& package, const LogLine& line);
  void note_fail(const LogLine& line);
  void take_back_results(const LogLine& line);
  void flush_pending(bool listed, bool at_the_end);
  bool take_drivers_line(const LogLine& line);
  void tell_all(std::vector<Seen> seen);
  void tell(const PackageBlock& block, const ResultLine& result,
            const LogLine& line);

  Take take_;
  std::int64_t number_ = 0;  // of the last line
  PackageBlock block_;       // of the text that no result has closed
  SummaryReader summary_;
  BazelReader bazel_;
  // Results whose test has not ended, and what came behind; else one.
  std::deque<Closed> pending_;
  std::size_t results_ = 0;
  std::int64_t last_result_ = 0;  // its line
  RunEnds ends_;
  ResultPlace place_;  // of the result that is told now
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::vector<LogLine>> built_;  // by package
  std::set<std::string> told_built_;  // of those, shown with a package
  std::set<std::string> odd_built_;   // of those, begun within a test's lines
  std::string building_;  // whose build lines follow; empty: nobody's
};

}  // namespace faultrig
