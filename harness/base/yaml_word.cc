#include "harness/base/yaml_word.h"

namespace faultrig {

namespace {

// U+0080 to U+009F, whose last byte is that number.
bool is_c1(std::string_view text) {
  auto next = static_cast<unsigned char>(text.size() > 1 ? text[1] : '\0');
  return text[0] == '\xc2' && next >= 0x80 && next < 0xa0;
}

}  // namespace

std::string yaml_word(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool c1 = is_c1(text.substr(at));
    at += c1 ? 1 : 0;
    char letter = text[at];
    auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (c1 || code < 0x20 || code == 0x7f) {
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
