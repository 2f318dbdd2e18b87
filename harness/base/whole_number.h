#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace faultrig {

// The number that all of the text is, in digits of that base, with a sign only
// where the type has one; nothing for anything else, or for a number that does
// not fit. Allocates nothing, may run after fork. std::from_chars alone takes
// what a text begins with.
template <typename Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number number = 0;
  const char* end = text.data() + text.size();
  auto [at, failed] = std::from_chars(text.data(), end, number, base);
  return failed == std::errc() && at == end ? std::optional(number)
                                            : std::nullopt;
}

}  // namespace faultrig
