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

// Does it begin with U+0080 to U+009F, a control character of two bytes whose
// last one is that number?
inline bool begins_with_c1(std::string_view text) {
  return text.size() > 1 && text[0] == '\xc2' && continues_character(text[1]) &&
         static_cast<unsigned char>(text[1]) < 0xA0;
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
