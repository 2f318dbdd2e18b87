// The words on the first line, so that the text behind it needs no escapes.
#include "harness/campaign/frame.h"

#include <algorithm>
#include <sstream>

namespace faultrig {

std::string frame_text(const FramedText& frame) {
  std::string out;
  for (std::int64_t word : frame.words) {
    out += std::to_string(word) + " ";
  }
  return out + "\n" + frame.rest;
}

Result<FramedText> parse_frame(const std::string& text, std::size_t words) {
  std::size_t end = std::min(text.find('\n'), text.size());
  FramedText out;
  std::istringstream line(text.substr(0, end));
  for (std::int64_t word = 0; line >> word;) {
    out.words.push_back(word);
  }
  if (out.words.size() != words) {
    return internal_error("a message between faultrig and its workers has " +
                          std::to_string(out.words.size()) + " words, not " +
                          std::to_string(words));
  }
  out.rest = end < text.size() ? text.substr(end + 1) : "";
  return out;
}

}  // namespace faultrig
