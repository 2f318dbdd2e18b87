#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/explain/package_block.h"
#include "harness/explain/seen.h"

namespace faultrig {

// Reads the log of `go test`, plain, -v or -json, as a CI system may have kept
// it: of one run or of several, cut anywhere, of any size and with any bytes.
// Memory is bounded. Tells of each package once, when its result has come.
class LogReader {
 public:
  using Take = std::function<void(Seen)>;
  explicit LogReader(Take take);

  void feed(std::string_view bytes);
  // The log ends here; also tells of what had no result.
  void finish();

  std::int64_t lines() const { return number_; }

 private:
  struct Closed {
    PackageBlock block;
    ResultLine result;
    LogLine line;
  };
  // A package of a -json log.
  struct Channel {
    PackageBlock block;
    std::string partial;  // an output without the end of its line yet
    std::optional<ResultLine> result;
    LogLine line;
  };

  void take_raw_line(std::string_view raw);
  void take_text(const LogLine& line);
  bool take_build_line(const LogLine& line);
  bool take_event(const LogLine& line);
  void take_output(const std::string& package, std::string_view output);
  void take_channel_line(Channel& channel, const LogLine& line);
  void close_channel(const std::string& package, const std::string& verdict);
  void add_built(const std::string& package, Seen& seen);
  void note_built(const std::string& package, const LogLine& line);
  void flush_pending();
  void tell(const PackageBlock& block, const ResultLine& result,
            const LogLine& line);

  Take take_;
  LineCleaner cleaner_;
  std::int64_t number_ = 0;
  std::string raw_;     // a line without its end yet
  PackageBlock block_;  // of the text that no result has closed
  std::optional<Closed> pending_;
  std::map<std::string, Channel> channels_;
  std::map<std::string, std::vector<LogLine>> built_;  // by package
  std::string building_;  // whose build lines follow; empty: nobody's
};

}  // namespace faultrig
