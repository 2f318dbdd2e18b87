#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Does a test binary with these arguments mark its own lines with ^V
// (-test.v=test2json)? Then a line without one is not its own.
bool marks_its_lines(const std::vector<std::string>& argv);

// `PASS` or `FAIL` if this line of a Go test binary is the testing package's
// verdict, else empty. `marked`: it would have a mark. Else a PASS may stand at
// the end of a line that a test did not end.
std::string_view verdict_word(std::string_view line, bool marked);

// Listens to the output of a test binary, in pieces of any size, in bounded
// memory.
class LastWord {
 public:
  explicit LastWord(bool marked) : marked_(marked) {}
  void take(std::string_view bytes);
  // PASS or FAIL, whichever came last; empty: neither.
  std::string word() const;

 private:
  bool marked_;
  std::string line_;  // the end of the line that is not complete yet
  std::string word_;
};

}  // namespace faultrig
