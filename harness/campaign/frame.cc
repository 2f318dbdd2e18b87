// The words on the first line, so that the text behind it needs no escapes.
#include "harness/campaign/frame.h"

#include <algorithm>
#include <sstream>

namespace faultrig {

namespace {

FramedText read_frame(const std::string& text) {
  std::size_t end = std::min(text.find('\n'), text.size());
  FramedText out;
  std::istringstream line(text.substr(0, end));
  for (std::int64_t word = 0; line >> word;) {
    out.words.push_back(word);
  }
  out.rest = end < text.size() ? text.substr(end + 1) : "";
  return out;
}

}  // namespace

std::string frame_text(const FramedText& frame) {
  std::string out;
  for (std::int64_t word : frame.words) {
    out += std::to_string(word) + " ";
  }
  return out + "\n" + frame.rest;
}

Result<FramedText> parse_frame(const std::string& text, std::size_t words) {
  FramedText out = read_frame(text);
  if (out.words.size() != words) {
    return internal_error("a message between faultrig and its workers has " +
                          std::to_string(out.words.size()) + " words, not " +
                          std::to_string(words));
  }
  return out;
}

// Their lengths stand in front.
std::string texts_text(const FramedTexts& frame) {
  FramedText out{{frame.word}, ""};
  for (const std::string& text : frame.texts) {
    out.words.push_back(static_cast<std::int64_t>(text.size()));
    out.rest += text;
  }
  return frame_text(out);
}

Result<FramedTexts> parse_texts(const std::string& text, std::size_t least) {
  FramedText frame = read_frame(text);
  FramedTexts out;
  std::size_t at = 0;
  for (std::size_t i = 1; i < frame.words.size(); ++i) {
    auto size = static_cast<std::size_t>(frame.words[i]);
    if (size > frame.rest.size() - at) {
      return internal_error("a message of faultrig's own that is too short");
    }
    out.texts.push_back(frame.rest.substr(at, size));
    at += size;
  }
  if (frame.words.empty() || out.texts.size() < least) {
    return internal_error("a message of faultrig's own that lacks texts");
  }
  out.word = frame.words.front();
  return out;
}

}  // namespace faultrig
