#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// `text` for the content of an element or of an attribute in double quotes, as
// XML 1.0 allows: markup escaped; control characters, which no spelling makes
// legal there, as `\x1b`; what is not UTF-8, and U+FFFE and U+FFFF, as U+FFFD.
// In an attribute (`one_line`) tab and newline are escaped, or a reader would
// see blanks.
std::string for_xml(std::string_view text, bool one_line = false);

// ` name="value"`.
std::string xml_attribute(std::string_view name, std::string_view value);

}  // namespace faultrig
