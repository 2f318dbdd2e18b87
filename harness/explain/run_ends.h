#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/explain/seen.h"

namespace faultrig {

// Watches where in the plain lines of a log a run of go test ends, and whether
// somebody says, before the next package, that another one begins.
class RunEnds {
 public:
  // go has said its last word on a run.
  void end();
  // A line of a package, or around it; not go's result of one.
  void hear(std::string_view line);
  // The result of the package comes whose lines were heard.
  Opening take_result(bool failed);
  // Has a package failed since this was asked last?
  bool take_failed();

 private:
  Opening opening_ = Opening::goes_on;
  bool behind_words_ = false;  // the testing package has spoken
  std::size_t said_ = 0;       // lines of output
  std::string last_;           // of them
  bool benchmark_ = false;
  bool failed_ = false;
};

}  // namespace faultrig
