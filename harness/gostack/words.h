#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "harness/gostack/memory.h"

namespace faultrig {

// Calls `seen` with each word and its address, as far as can be read; stops
// when it says true. `from` is a multiple of eight.
template <typename Seen>
void each_word(const Memory& memory, std::uint64_t from, std::uint64_t size,
               Seen seen) {
  constexpr std::size_t kPart = 256 << 10;
  std::string part;
  for (std::uint64_t at = 0; at < size; at += kPart) {
    part.resize(std::min<std::uint64_t>(kPart, size - at));
    part.resize(memory.read(from + at, part.data(), part.size()));
    for (std::size_t i = 0; i + 8 <= part.size(); i += 8) {
      if (seen(word_at(part, i), from + at + i)) {
        return;
      }
    }
  }
}

}  // namespace faultrig
