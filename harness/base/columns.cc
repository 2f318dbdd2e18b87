#include "harness/base/columns.h"

#include <algorithm>

namespace faultrig {

namespace {

// Takes the next word, or as much of it as fits into `room` columns.
std::string_view take_word(std::string_view& text, std::size_t room,
                           LongWord longer) {
  std::string_view word = text.substr(0, text.find(' '));
  if (longer == LongWord::path && word.size() > room) {
    std::size_t slash = word.rfind('/', room);
    bool none = slash == std::string_view::npos || slash == 0;
    word = word.substr(0, none ? room : slash);
    text.remove_prefix(word.size());
    return word;
  }
  text.remove_prefix(std::min(word.size() + 1, text.size()));
  return word;
}

}  // namespace

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(),
                    [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t columns) {
  std::size_t used = width(text);
  return std::string(text) +
         std::string(columns - std::min(columns, used), ' ');
}

std::string wrapped(std::string_view head, std::string_view text,
                    std::size_t indent, LongWord longer) {
  std::string out = padded(head, indent);
  std::size_t column = width(out);
  bool fresh = true;
  while (!text.empty()) {
    std::string_view word = take_word(text, kColumns - indent, longer);
    if (!fresh && column + 1 + width(word) > kColumns) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!fresh) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width(word);
    fresh = false;
  }
  return out + "\n";
}

}  // namespace faultrig
