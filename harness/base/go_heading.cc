#include "harness/base/go_heading.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultrig {

bool is_go_heading(std::string_view line) {
  return line.starts_with("# ") || line == "FAIL" || line.starts_with("FAIL\t");
}

std::string first_telling_line(std::string_view text) {
  std::string heading;
  for (std::string_view line : lines_of(text)) {
    std::size_t start = line.find_first_not_of(" \t");
    if (start == std::string_view::npos) {
      continue;
    }
    std::string found(
        line.substr(start, line.find_last_not_of(" \t") + 1 - start));
    std::replace(found.begin(), found.end(), '\t', ' ');
    if (!is_go_heading(line)) {
      return found;
    }
    heading = heading.empty() ? found : heading;
  }
  return heading;
}

}  // namespace faultrig
