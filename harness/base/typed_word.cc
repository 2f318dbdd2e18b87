#include "harness/base/typed_word.h"

#include "harness/base/text.h"

namespace faultrig {

std::string typed_word(std::string_view word) {
  if (for_one_line(word) == word) {
    return shell_quote(word);
  }
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "$'";
  for (unsigned char byte : word) {
    bool plain = byte >= ' ' && byte < 0x7F;
    if (plain) {
      out += byte == '\'' || byte == '\\' ? "\\" : "";
      out += static_cast<char>(byte);
    } else {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return out + "'";
}

}  // namespace faultrig
