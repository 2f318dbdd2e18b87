// Go, GitHub and containers write the date as ISO 8601 does or with strokes;
// dmesg -T as ctime(3) does.
#include "harness/explain/log_days.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include <re2/re2.h>

namespace faultrig {

namespace {

unsigned month_named(const std::string& name) {
  static constexpr std::array<const char*, 12> kMonths{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* found = std::find(kMonths.begin(), kMonths.end(), name);
  return static_cast<unsigned>(found - kMonths.begin()) + 1;
}

std::optional<std::int64_t> day_number(int year, unsigned month, unsigned day) {
  std::chrono::year_month_day date{std::chrono::year(year),
                                   std::chrono::month(month),
                                   std::chrono::day(day)};
  if (!date.ok()) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace

std::optional<std::int64_t> day_of(std::string_view line) {
  static const RE2 kIso(R"((\d{4})[-/](\d\d)[-/](\d\d)[T ]\d\d:\d\d:\d\d)");
  static const RE2 kCtime(
      R"(([A-Z][a-z][a-z]) +(\d\d?) \d\d:\d\d:\d\d (\d{4}))");
  re2::StringPiece text(line.data(), line.size());
  int year = 0;
  int month = 0;
  int day = 0;
  if (RE2::PartialMatch(text, kIso, &year, &month, &day)) {
    return day_number(year, static_cast<unsigned>(month),
                      static_cast<unsigned>(day));
  }
  std::string name;
  if (RE2::PartialMatch(text, kCtime, &name, &day, &year)) {
    return day_number(year, month_named(name), static_cast<unsigned>(day));
  }
  return std::nullopt;
}

void LogDays::note(std::string_view line) {
  auto day = day_of(line);
  if (day) {
    first = known ? std::min(first, *day) : *day;
    last = known ? std::max(last, *day) : *day;
    known = true;
  }
}

bool LogDays::may_hold(std::int64_t day) const {
  return !known || (day >= first - 1 && day <= last + 1);
}

}  // namespace faultrig
