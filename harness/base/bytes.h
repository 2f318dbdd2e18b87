#pragma once

#include <compare>
#include <cstdint>

namespace faultrig {

// A size in bytes. harness/base/units.h reads and writes it.
struct Bytes {
  std::uint64_t count = 0;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14
  friend auto operator<=>(Bytes, Bytes) = default;
};

}  // namespace faultrig
