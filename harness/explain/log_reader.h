#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_bytes.h"
#include "harness/explain/log_days.h"
#include "harness/explain/log_line.h"
#include "harness/explain/log_prefix.h"
#include "harness/explain/log_wrapping.h"
#include "harness/explain/run_reader.h"
#include "harness/explain/seen.h"
#include "harness/explain/teamcity_messages.h"

namespace faultrig {

// Reads the log of `go test`, plain, -v or -json, as a CI system may have kept
// it: of one run or of several, interleaved if each has a prefix of its own,
// cut anywhere, of any size and with any bytes. Memory is bounded. Tells of
// each package once, when its result has come.
class LogReader {
 public:
  using Take = std::function<void(Seen)>;
  explicit LogReader(Take take);

  void feed(std::string_view bytes);
  // The log ends here; also tells of what had no result.
  void finish();

  std::int64_t lines() const { return number_; }
  // Of a log of several, the one whose package is told of; `kNoPrefix` for the
  // lines that have no prefix.
  std::size_t writer() const { return writer_; }
  static constexpr std::size_t kNoPrefix = SIZE_MAX;
  // On which its lines were written, as far as what stands before them says.
  const LogDays& days() const { return days_; }

 private:
  void take_raw_line(std::string_view raw);
  void learn();
  void note_day(std::int64_t number, std::string_view prefix);
  void take_line(std::int64_t number, std::string text);

  Take take_;
  LogBytes bytes_;
  std::int64_t number_ = 0;
  std::size_t writer_ = 0;
  bool learnt_ = false;
  std::vector<std::string> sample_;
  std::size_t sample_size_ = 0;
  LogWrapping wrapping_;
  LogDays days_;
  LearntPrefixes prefixes_;
  TeamcityMessages teamcity_;
  // One for each prefix; the last one for lines that have none.
  std::vector<std::unique_ptr<RunReader>> runs_;
};

}  // namespace faultrig
