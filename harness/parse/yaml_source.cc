#include "harness/parse/yaml_source.h"

#include <algorithm>
#include <string>

#include "harness/base/characters.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The first byte that is not part of a character: for_terminal and the like
// replace bad bytes, so the first difference is the first bad byte.
std::size_t first_bad_byte(std::string_view text) {
  std::string sound = valid_utf8(text);
  auto [bad, replaced] =
      std::mismatch(text.begin(), text.end(), sound.begin(), sound.end());
  auto offset = static_cast<std::size_t>(bad - text.begin());
  // U+FFFD may begin with the same bytes as the bad sequence.
  while (offset > 0 && !is_valid_utf8(text.substr(0, offset))) {
    --offset;
  }
  return offset;
}

// Is this a control character that YAML text may not hold (C0 but tab and line
// ends, DEL, C1)? yaml-cpp takes some of them for its own marks.
bool forbidden_at(std::string_view text, std::size_t at) {
  auto byte = static_cast<unsigned char>(text[at]);
  if (byte == '\r') {
    return at + 1 == text.size() || text[at + 1] != '\n';
  }
  if (byte == 0xC2) {
    return static_cast<unsigned char>(text[at + 1]) < 0xA0;
  }
  return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F;
}

// Is this letter of a quoted text, with the next one, an escape?
bool escapes(char quote, std::string_view rest) {
  return quote == '"' ? rest[0] == '\\' : rest.starts_with("''");
}

// Behind the quote that closes the one at the start, or npos.
std::size_t end_of_quote(std::string_view text) {
  char quote = text[0];
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (escapes(quote, text.substr(at))) {
      ++at;
    } else if (text[at] == quote) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

bool is_quote(char letter) { return letter == '"' || letter == '\''; }

}  // namespace

YamlSource::YamlSource(std::string_view text) : text_(text) {
  if (text_.starts_with(kByteOrderMark)) {
    text_.remove_prefix(kByteOrderMark.size());
  }
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (text_[at] == '\n') {
      line_starts_.push_back(at + 1);
    }
  }
}

bool YamlSource::check(Complaints& complaints) const {
  if (text_.size() > kLargest) {
    complaints.add({{1, 1}}, "the file is larger than 1 MiB");
    return false;
  }
  if (!is_valid_utf8(text_)) {
    complaints.add(spot(first_bad_byte(text_), 1), "not UTF-8");
    return false;
  }
  for (std::size_t at = 0; at < text_.size(); ++at) {
    if (forbidden_at(text_, at)) {
      complaints.add(spot(at, 1),
                     "a control character: write \"\\x..\" in "
                     "double quotes if it is meant");
      return false;
    }
  }
  return true;
}

std::size_t YamlSource::offset(int line, int column) const {
  if (line < 0 || static_cast<std::size_t>(line) >= line_starts_.size()) {
    return text_.size();
  }
  auto number = static_cast<std::size_t>(line);
  auto bytes = static_cast<std::size_t>(std::max(column, 0));
  return line_starts_[number] + std::min(bytes, line_at(number).size());
}

std::size_t YamlSource::line_number(std::size_t offset) const {
  auto after =
      std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<std::size_t>(after - line_starts_.begin()) - 1;
}

std::string_view YamlSource::line_at(std::size_t number) const {
  std::size_t start = line_starts_[number];
  bool last = number + 1 == line_starts_.size();
  std::size_t end = last ? text_.size() : line_starts_[number + 1] - 1;
  std::string_view line = text_.substr(start, end - start);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

Place YamlSource::place(std::size_t offset) const {
  std::size_t line = line_number(offset);
  if (counted_.line != line || counted_.offset > offset) {
    counted_ = {line_starts_[line], line, 0};
  }
  counted_.characters +=
      character_count(text_.substr(counted_.offset, offset - counted_.offset));
  counted_.offset = offset;
  return {static_cast<int>(line + 1),
          static_cast<int>(counted_.characters + 1)};
}

Spot YamlSource::spot(std::size_t offset, std::size_t characters) const {
  std::size_t line = line_number(offset);
  std::string_view rest = line_at(line);
  rest.remove_prefix(std::min(offset - line_starts_[line], rest.size()));
  // A character has at most four bytes.
  rest = rest.substr(0, std::min(characters, kLargest) * 4);
  std::size_t width = std::min(characters, character_count(rest));
  return {place(offset), std::max(1, static_cast<int>(width))};
}

Spot YamlSource::scalar_spot(std::size_t offset, std::size_t characters) const {
  if (offset >= text_.size() || !is_quote(text_[offset])) {
    return spot(offset, characters);
  }
  std::size_t length = end_of_quote(text_.substr(offset));
  return spot(offset, character_count(text_.substr(offset, length)));
}

bool YamlSource::unterminated_quote(std::size_t offset) const {
  return offset < text_.size() && is_quote(text_[offset]) &&
         end_of_quote(text_.substr(offset)) == std::string_view::npos;
}

std::optional<std::size_t> YamlSource::indenting_tab(std::size_t offset) const {
  std::size_t number = line_number(std::min(offset, text_.size()));
  std::string_view line = line_at(number);
  std::size_t blanks = std::min(line.find_first_not_of(" \t"), line.size());
  std::size_t tab = line.substr(0, blanks).find('\t');
  if (tab == std::string_view::npos) {
    return std::nullopt;
  }
  return line_starts_[number] + tab;
}

std::size_t YamlSource::empty_element(std::size_t offset) const {
  std::size_t number = line_number(offset);
  std::size_t end = offset - line_starts_[number];
  for (;; --number) {
    std::string_view line = line_at(number).substr(0, end);
    line = line.substr(0, line.find(" #"));
    std::size_t last = line.find_last_not_of(" \t");
    if (last != std::string_view::npos && line[last] == '-') {
      return line_starts_[number] + last;
    }
    if (number == 0) {
      return offset;
    }
    end = std::string_view::npos;
  }
}

std::size_t character_count(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::count_if(
                           text.begin(), text.end(), continues_character));
}

}  // namespace faultrig
