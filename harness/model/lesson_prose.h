#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// Markdown of a lesson as lines of at most 80 columns for a terminal: links are
// their texts, emphasis is gone, paragraphs are filled anew; what stands in a
// block of code, or is indented, stays as it is. Not escaped.
std::vector<std::string> prose_lines(std::string_view markdown);

}  // namespace faultrig
