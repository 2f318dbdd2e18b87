#include "harness/base/units.h"

#include <array>
#include <cctype>
#include <cstdio>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

struct Unit {
  std::string_view name;
  std::uint64_t size;
};

constexpr std::array<Unit, 10> kSizes{{{"TiB", 1ULL << 40},
                                       {"GiB", 1ULL << 30},
                                       {"MiB", 1ULL << 20},
                                       {"KiB", 1ULL << 10},
                                       {"TB", 1000000000000ULL},
                                       {"GB", 1000000000ULL},
                                       {"MB", 1000000ULL},
                                       {"KB", 1000ULL},
                                       {"B", 1},
                                       {"", 1}}};

constexpr std::array<Unit, 6> kTimes{{{"h", 3600000000000ULL},
                                      {"m", 60000000000ULL},
                                      {"s", 1000000000ULL},
                                      {"ms", 1000000ULL},
                                      {"us", 1000ULL},
                                      {"ns", 1}}};

constexpr std::uint64_t kLongest = 24 * 3600000000000ULL;
constexpr std::uint64_t kLongestStep = 876600 * 3600000000000ULL;
constexpr std::uint64_t kLargest = (1ULL << 63) - 1;

template <std::size_t N>
const Unit* find_unit(const std::array<Unit, N>& units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) {
      return &unit;
    }
  }
  return nullptr;
}

std::size_t digits_at_start(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    ++count;
  }
  return count;
}

std::optional<std::uint64_t> times(std::uint64_t number, std::uint64_t size,
                                   std::uint64_t largest) {
  if (number > largest / size) {
    return std::nullopt;
  }
  return number * size;
}

// The value of `digits` behind the decimal point, in units of `size`.
std::optional<std::uint64_t> fraction(std::string_view digits,
                                      std::uint64_t size) {
  std::uint64_t sum = 0;
  for (char digit : digits) {
    if (size % 10 != 0) {
      return std::nullopt;
    }
    size /= 10;
    sum += static_cast<std::uint64_t>(digit - '0') * size;
  }
  return sum;
}

}  // namespace

std::optional<Bytes> parse_bytes(std::string_view text) {
  std::size_t digits = digits_at_start(text);
  const Unit* unit = find_unit(kSizes, text.substr(digits));
  auto number = whole_number<std::uint64_t>(text.substr(0, digits));
  if (unit == nullptr || !number) {
    return std::nullopt;
  }
  auto count = times(*number, unit->size, kLargest);
  return count ? std::optional(Bytes{*count}) : std::nullopt;
}

std::string format_bytes(Bytes bytes) {
  for (const Unit& unit : kSizes) {
    bool binary = unit.name.size() == 3 || unit.size == 1;
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): no unit of the table is 0
    if (binary && bytes.count >= unit.size && bytes.count % unit.size == 0) {
      return std::to_string(bytes.count / unit.size) + std::string(unit.name);
    }
  }
  return std::to_string(bytes.count) + "B";
}

namespace {

std::optional<nanoseconds> parse_time(std::string_view text,
                                      std::uint64_t longest) {
  std::size_t digits = digits_at_start(text);
  auto number = whole_number<std::uint64_t>(text.substr(0, digits));
  text.remove_prefix(digits);
  std::string_view decimals;
  if (text.starts_with('.')) {
    decimals = text.substr(1, digits_at_start(text.substr(1)));
    text.remove_prefix(1 + decimals.size());
    if (decimals.empty()) {
      return std::nullopt;
    }
  }
  const Unit* unit = find_unit(kTimes, text);
  if (unit == nullptr || !number) {
    return std::nullopt;
  }
  auto whole = times(*number, unit->size, longest);
  auto rest = fraction(decimals, unit->size);
  if (!whole || !rest || *whole + *rest > longest) {
    return std::nullopt;
  }
  return nanoseconds(static_cast<std::int64_t>(*whole + *rest));
}

}  // namespace

std::optional<nanoseconds> parse_duration(std::string_view text) {
  return parse_time(text, kLongest);
}

std::optional<nanoseconds> parse_step(std::string_view text) {
  bool back = text.starts_with('-');
  text.remove_prefix(back || text.starts_with('+') ? 1 : 0);
  auto time = parse_time(text, kLongestStep);
  return time && back ? std::optional(-*time) : time;
}

std::string format_step(nanoseconds step) {
  return (step.count() < 0 ? "-" : "") +
         format_duration(std::chrono::abs(step));
}

std::string format_duration(nanoseconds duration) {
  auto count = static_cast<std::uint64_t>(duration.count());
  for (const Unit& unit : kTimes) {
    if (count >= unit.size && count % unit.size == 0) {
      return std::to_string(count / unit.size) + std::string(unit.name);
    }
  }
  return std::to_string(count) + "ns";
}

std::string format_elapsed(nanoseconds duration) {
  char text[32];
  double milliseconds = static_cast<double>(duration.count()) / 1e6;
  if (milliseconds < 1000) {
    (void)std::snprintf(text, sizeof text, "%.0f ms", milliseconds);
  } else {
    (void)std::snprintf(text, sizeof text, "%.2f s", milliseconds / 1000);
  }
  return text;
}

}  // namespace faultrig
