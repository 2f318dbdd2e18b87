#include "harness/base/yaml_word.h"

#include "harness/base/characters.h"

namespace faultrig {

std::string yaml_word(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool c1 = begins_with_c1(text.substr(at));
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

std::string yaml_list(const std::vector<std::string>& words) {
  std::string out = "[";
  for (const std::string& word : words) {
    out += (out.size() > 1 ? ", " : "") + yaml_word(word);
  }
  return out + "]";
}

}  // namespace faultrig
