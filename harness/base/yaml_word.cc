#include "harness/base/yaml_word.h"

namespace faultrig {

std::string yaml_word(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (char letter : text) {
    auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (code < 0x20 || code == 0x7f) {
      out += "\\x";
      out += kDigits[code >> 4U];
      out += kDigits[code & 0xfU];
    } else {
      out += letter;
    }
  }
  return out + "\"";
}

}  // namespace faultrig
