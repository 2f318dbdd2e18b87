#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/bytes.h"

namespace faultrig {

// `64MiB` (1024), `1GB` (1000), `512` or `512B` (bytes): digits, then at most
// one of B, KiB, MiB, GiB, TiB, KB, MB, GB, TB. Nothing for anything else,
// including a value over 2^63-1.
std::optional<Bytes> parse_bytes(std::string_view text);

// The shortest exact spelling in binary units: `64MiB`, `1000B`.
std::string format_bytes(Bytes bytes);

// `200ms`, `1.5s`, `2m`, `1h`, `50us`, `10ns`: a decimal number and a unit.
// Nothing for anything else, including a number without a unit, a negative
// one, and one over 24 h.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

// The same with a sign before it, or none: `-1h`, `+30s`. At most a hundred
// years (876600h), there or back.
std::optional<std::chrono::nanoseconds> parse_step(std::string_view text);
// `-1h`, `1h`, exact.
std::string format_step(std::chrono::nanoseconds step);

// `200ms`, `1.5s`, `2m`: the largest unit that keeps it readable, exact.
std::string format_duration(std::chrono::nanoseconds duration);

// For people: `412 ms`, `1.31 s`.
std::string format_elapsed(std::chrono::nanoseconds duration);

}  // namespace faultrig
