#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "harness/model/replayed.h"

namespace faultrig {

// A line that a traced process printed.
struct PrintedLine {
  std::int64_t at = 0;  // when its end was printed: which line of all files
  ReplayLine where;
  std::int64_t pid = 0;
  int fd = 2;
  std::string text;  // with kLeftOut where strace left something out
};

// What processes print, put together from pieces: Go writes a panic in many.
// The last 4096 lines of 4 KiB are kept.
class PrintedLines {
 public:
  struct Piece {
    std::int64_t at = 0;
    ReplayLine where;
    std::int64_t pid = 0;
    int fd = 2;
  };
  void add(const Piece& piece, std::string_view text);
  // Also those lines that have no end.
  std::deque<PrintedLine> take();

 private:
  void end(PrintedLine line);

  std::map<std::pair<std::int64_t, int>, PrintedLine> open_;
  std::deque<PrintedLine> lines_;
};

}  // namespace faultrig
