#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/explanation.h"
#include "harness/model/replayed.h"
#include "harness/replay/log_crashes.h"
#include "harness/replay/provoked.h"

namespace faultrig {

// The faults that the lines of a log tell of, of go test, a program or a CI
// system: Go's errors name what was done, on what, and how it failed. Memory is
// bounded.
class LogFaults {
 public:
  LogFaults();
  // Of a line without escapes, whatever stands before and behind what Go says
  // in it.
  void take(std::string_view line, std::int64_t number);

  // With what `explained` says of the same log, and of how it ended. Without
  // scenarios; what was said of an error is told of each candidate (`words`),
  // unless a crash or a signal ended it. `here`: the folder in which it is to
  // be run.
  Replayed replayed(const Explained& explained, const std::string& here) const;

 private:
  struct Words {
    std::string error;  // `EMFILE`
    std::string text;   // `: too many open files`
  };
  // A fault, and what Go said of it.
  struct Said {
    ReplayCandidate candidate;
    std::string words;
  };
  void note(Said said, const ReplayLine& where);
  void take_begun(std::string_view line, std::int64_t number);
  // The test that began last before that failure; empty: none is known.
  std::string running_before(const Explanation& known) const;
  void take_error(std::string_view head, const Words& words,
                  const ReplayLine& where);
  void add_said(const Explanation* known, Replayed& out) const;
  void take_name(std::string_view line, const ReplayLine& where);
  void take_limit(std::string_view line, const ReplayLine& where);

  std::vector<Words> words_;
  std::map<std::string, Said> faults_;         // by fault
  std::map<std::int64_t, std::string> begun_;  // tests, by line, the last ones
  LogCrashes crashes_;
  ToldLimit limit_;
};

}  // namespace faultrig
