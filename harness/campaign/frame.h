#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What goes between a pool and its workers where it is no JSON: numbers, and a
// text of any content.
struct FramedText {
  std::vector<std::int64_t> words;
  std::string rest;
};

std::string frame_text(const FramedText& frame);
// An internal error unless it has exactly so many words.
Result<FramedText> parse_frame(const std::string& text, std::size_t words);

// A number, and texts of any content.
struct FramedTexts {
  std::int64_t word = 0;
  std::vector<std::string> texts;
};

std::string texts_text(const FramedTexts& frame);
// An internal error unless it has at least so many texts, each whole.
Result<FramedTexts> parse_texts(const std::string& text, std::size_t least);

}  // namespace faultrig
