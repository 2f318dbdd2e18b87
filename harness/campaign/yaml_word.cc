#include "harness/campaign/yaml_word.h"

#include <fmt/format.h>

namespace faultrig {

std::string yaml_word(std::string_view text) {
  std::string out = "\"";
  for (char letter : text) {
    auto code = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      out += '\\';
      out += letter;
    } else if (code < 0x20 || code == 0x7f) {
      out += fmt::format("\\x{:02x}", code);
    } else {
      out += letter;
    }
  }
  return out + "\"";
}

}  // namespace faultrig
