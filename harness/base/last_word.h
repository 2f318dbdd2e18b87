#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// `PASS` or `FAIL` if this line of a Go test binary is the testing package's
// verdict, else empty. A PASS may stand at the end of a line that a test did
// not end; `-test.v=test2json` marks lines with ^V.
std::string_view verdict_word(std::string_view line);

// Listens to the output of a test binary, in pieces of any size, in bounded
// memory.
class LastWord {
 public:
  void take(std::string_view bytes);
  // PASS or FAIL, whichever came last; empty: neither.
  std::string word() const;

 private:
  std::string line_;  // the end of the line that is not complete yet
  std::string word_;
};

}  // namespace faultrig
