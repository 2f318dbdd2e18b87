#include "harness/report/xml.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

// U+FFFE and U+FFFF are well-formed UTF-8 and no characters of XML.
bool is_noncharacter(std::string_view text, std::size_t at) {
  std::string_view three = text.substr(at, 3);
  return three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF";
}

std::string_view entity(char letter, bool one_line) {
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return one_line ? "&quot;" : "";
    case '\t':
      return one_line ? "&#9;" : "";
    case '\n':
      return one_line ? "&#10;" : "";
    default:
      return "";
  }
}

}  // namespace

std::string for_xml(std::string_view text, bool one_line) {
  std::string safe = for_terminal(text);  // no control character is left
  std::string out;
  out.reserve(safe.size());
  for (std::size_t i = 0; i < safe.size(); ++i) {
    std::string_view escaped = entity(safe[i], one_line);
    if (!escaped.empty()) {
      out += escaped;
    } else if (is_noncharacter(safe, i)) {
      out += "\xEF\xBF\xBD";
      i += 2;
    } else {
      out += safe[i];
    }
  }
  return out;
}

std::string xml_attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, for_xml(value, true));
}

}  // namespace faultrig
