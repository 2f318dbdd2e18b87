#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// The forms that files of cgroups have (cgroups(7)).

// The value of this key, of `key value` on a line each, as memory.events and
// cpu.stat have them; nothing: no such key.
std::optional<std::int64_t> keyed_value(std::string_view text,
                                        std::string_view key);
// The same of a file; nothing as well where it cannot be read.
std::optional<std::int64_t> value_in(const std::string& path,
                                     std::string_view key);

// The number that a file begins with; nothing where it says `max`, or less than
// 0, or cannot be read.
std::optional<std::uint64_t> number_in(const std::string& path);

// Is this one of the words of a file, as cgroup.controllers has them?
bool has_word(const std::string& path, std::string_view word);

}  // namespace faultrig
