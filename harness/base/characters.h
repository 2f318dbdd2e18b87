#pragma once

#include <cstddef>
#include <string_view>

namespace faultrig {

// Characters of UTF-8 (utf-8(7)), by their bytes. Allocate nothing, may run
// after fork.

// Is it a byte of a character, but its first?
inline bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// The beginning of well-formed text, at most so many bytes: no character is
// cut.
inline std::string_view first_characters(std::string_view text,
                                         std::size_t most) {
  while (most > 0 && most < text.size() && continues_character(text[most])) {
    --most;
  }
  return text.substr(0, most);
}

}  // namespace faultrig
