#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/campaign/standing.h"
#include "harness/cli/command.h"
#include "harness/os/terminal.h"

namespace faultrig {

// What a run is at, in lines of text that fit into such a terminal: how many
// are done, how long it takes and may take, and what is running with its age.
std::vector<std::string> live_lines(const Standing& standing,
                                    Standing::Time now, TerminalSize size);

// Some lines on stderr below all else, drawn anew as often as one likes.
// Nothing where that is no terminal that can do so (TERM=dumb), or where CI is
// set. Whoever prints something clears it before. The cursor stands below it,
// so that whatever ends us leaves a terminal as any program does.
class LiveArea {
 public:
  explicit LiveArea(const Surroundings& surroundings);
  bool shown() const { return shown_; }
  TerminalSize size() const;
  // Each line is cut to what fits.
  void draw(const std::vector<std::string>& lines);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool shown_;
  std::vector<std::size_t> drawn_;  // widths of the lines that stand there
  Clock::time_point drawn_at_;
};

}  // namespace faultrig
