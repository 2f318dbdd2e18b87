#include "harness/model/shown_text.h"

#include "harness/base/text.h"

namespace faultrig {

std::string shown(std::string_view text, std::size_t longest) {
  bool cut = text.size() > longest;
  return for_one_line(text.substr(0, longest)) + (cut ? "..." : "");
}

std::string with_text(const std::string& line, const Observation& seen,
                      std::size_t longest) {
  return seen.text.empty() ? line : line + ": " + shown(seen.text, longest);
}

std::string link_of(const Observation& seen) {
  return seen.link.empty() ? "process" : shown(seen.link);
}

}  // namespace faultrig
