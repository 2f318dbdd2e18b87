#include "harness/report/wrap.h"

#include <algorithm>

namespace faultrig {

namespace {

constexpr std::size_t kColumns = 80;

}  // namespace

std::string wrapped(std::string head, std::string_view text,
                    std::size_t indent) {
  std::string out;
  std::string line = std::move(head);
  line.resize(std::max(line.size(), indent), ' ');
  bool fresh = true;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(' '), text.size());
    std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!fresh && line.size() + 1 + word.size() > kColumns) {
      out += line + "\n";
      line.assign(indent, ' ');
      fresh = true;
    }
    line += fresh ? "" : " ";
    line += word;
    fresh = false;
  }
  return out + line + "\n";
}

}  // namespace faultrig
