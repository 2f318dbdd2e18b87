// Three sequences that every terminal since the VT100 knows: cursor up, return,
// erase below (console_codes(4)). A line that wraps would take two rows, so
// lines are cut; a terminal that was made narrower since has wrapped them,
// which is counted when they are cleared.
#include "harness/cli/live_area.h"

#include <unistd.h>

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/cli/printing.h"

namespace faultrig {

namespace {

using std::chrono::seconds;

constexpr std::size_t kMostRunning = 8;
constexpr std::size_t kKept =
    2;  // rows that stay free, for the cursor and a ^C
// Before that a guess at the rest tells nothing.
constexpr seconds kFirstGuess{2};
// Drawn each second; whoever was stopped for longer finds other lines there.
constexpr seconds kStopped{4};

// Columns that it takes at most: what is not ASCII may be wide.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    columns += byte < 0x80 ? 1 : byte >= 0xc0 ? 2 : 0;
  }
  return columns;
}

std::string cut(std::string_view text, std::size_t columns) {
  std::string out(text);
  while (columns_of(out) > columns) {
    while (!out.empty() &&
           (static_cast<unsigned char>(out.back()) & 0xc0U) == 0x80U) {
      out.pop_back();
    }
    out.pop_back();
  }
  return out;
}

std::string whole_seconds(std::chrono::nanoseconds time) {
  auto all = std::chrono::duration_cast<seconds>(time).count();
  return all < 60 ? fmt::format("{} s", all)
         : all < 3600
             ? fmt::format("{} min {:02} s", all / 60, all % 60)
             : fmt::format("{} h {:02} min", all / 3600, all / 60 % 60);
}

// From what was done until now.
std::string time_left(const Standing& standing, std::chrono::nanoseconds took) {
  if (standing.done == 0 || standing.done >= standing.all ||
      took < kFirstGuess) {
    return "";
  }
  auto left = took / standing.done * (standing.all - standing.done);
  return ", about " + whole_seconds(left) + " left";
}

std::string summary_of(const Standing& standing, Standing::Time now) {
  auto took = now - standing.started;
  std::string bad =
      standing.bad == 0 ? "" : fmt::format(", {} did not pass", standing.bad);
  return fmt::format("{} of {} done{}, {}{}", standing.done, standing.all, bad,
                     whole_seconds(took), time_left(standing, took));
}

bool can_draw(const Surroundings& surroundings) {
  const auto& all = surroundings.environment;
  bool knows_terminal =
      std::any_of(all.begin(), all.end(), [](const std::string& entry) {
        return entry.starts_with("TERM=") && entry != "TERM=" &&
               entry != "TERM=dumb";
      });
  return surroundings.stderr_is_terminal && !surroundings.in_ci &&
         knows_terminal;
}

}  // namespace

std::vector<std::string> live_lines(const Standing& standing,
                                    Standing::Time now, TerminalSize size) {
  std::vector<std::string> lines{summary_of(standing, now)};
  std::size_t room = size.rows > kKept + 2 ? size.rows - kKept - 2 : 0;
  std::size_t most = std::min(room, kMostRunning);
  for (const Standing::Running& one : standing.running) {
    if (lines.size() > most) {
      lines.push_back(
          fmt::format("  and {} more", standing.running.size() - most));
      break;
    }
    lines.push_back(fmt::format("{:>12}  {}", whole_seconds(now - one.since),
                                for_one_line(one.what)));
  }
  for (std::string& line : lines) {
    line = cut(line, size.columns - 1);
  }
  return lines;
}

LiveArea::LiveArea(const Surroundings& surroundings)
    : shown_(can_draw(surroundings)) {}

TerminalSize LiveArea::size() const {
  return terminal_size(STDERR_FILENO).value_or(TerminalSize());
}

void LiveArea::draw(const std::vector<std::string>& lines) {
  if (!shown_) {
    return;
  }
  clear();
  std::size_t most = size().columns - 1;
  std::string text;
  for (const std::string& line : lines) {
    std::string fits = cut(for_one_line(line), most);
    drawn_.push_back(columns_of(fits));
    text += fits + "\n";
  }
  write_stderr(text);
  drawn_at_ = Clock::now();
}

void LiveArea::clear() {
  if (drawn_.empty()) {
    return;
  }
  std::size_t columns = size().columns;
  std::size_t rows = 0;
  for (std::size_t width : drawn_) {
    rows += std::max<std::size_t>(1, (width + columns - 1) / columns);
  }
  drawn_.clear();
  if (Clock::now() - drawn_at_ < kStopped) {
    write_stderr(fmt::format("\r\x1b[{}A\x1b[J", rows));
  }
}

}  // namespace faultrig
