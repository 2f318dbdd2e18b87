#pragma once

#include <cstddef>
#include <cstdint>

namespace faultrig {

struct Digits {
  char text[24] = {};  // of any number of 64 bits, in base 8 or 10
};

// A number as text: what std::to_string() does, which allocates. After fork.
inline Digits digits(std::uint64_t number, unsigned base) {
  Digits turned;
  std::size_t size = 0;
  do {
    turned.text[size++] = static_cast<char>('0' + number % base);
    number /= base;
  } while (number != 0);
  Digits out;
  for (std::size_t i = 0; i < size; ++i) {
    out.text[i] = turned.text[size - 1 - i];
  }
  return out;
}

}  // namespace faultrig
