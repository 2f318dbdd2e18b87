#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/explanation.h"
#include "harness/replay/failure_text.h"

namespace faultrig {

// The crashes of Go programs in a log: how each begins, and the goroutine that
// is printed first. Memory is bounded.
class LogCrashes {
 public:
  // Of each line, without escapes, whatever stands before what Go says in it.
  void take(std::string_view line, std::int64_t number);

  // The crash that an explanation of the same log rests on; without text: it
  // rests on none. Without a top where the lines below are not Go's, or where
  // more crashes were before it than are kept.
  ErrorLine of(const Explanation& explanation) const;

 private:
  std::map<std::int64_t, std::vector<std::string>> crashes_;  // by first line
  std::size_t before_ = 0;  // of a line: what is not Go's
  bool open_ = false;       // the last one may go on
};

}  // namespace faultrig
