#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// A line of go's that only says of which package the others are, or that it
// failed: `# example/store`, `FAIL`, `FAIL\t./store [setup failed]`.
bool is_go_heading(std::string_view line);

// The first line that says something, for one that is quoted: none of go's
// headings while there is another. Without blanks around it and without tabs;
// empty if there is none.
std::string first_telling_line(std::string_view text);

}  // namespace faultrig
