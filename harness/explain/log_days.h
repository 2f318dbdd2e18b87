#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace faultrig {

// The days on which lines of a log were written, as their stamps say.
struct LogDays {
  std::int64_t first = 0;  // since 1970
  std::int64_t last = 0;
  bool known = false;

  void note(std::string_view line);
  // May something of this day be of this log? Zones differ by a day at most.
  bool may_hold(std::int64_t day) const;
};

// The day of the first stamp in the line: `2026-03-04T10:11:12`, `2026/03/04
// 10:11:12`, `Wed Mar  4 10:11:12 2026`. Nothing if there is none.
std::optional<std::int64_t> day_of(std::string_view line);

}  // namespace faultrig
