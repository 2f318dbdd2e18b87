#include "harness/parse/complaint.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "harness/base/characters.h"
#include "harness/base/text.h"

namespace faultrig {

namespace {

// More than are shown, because they do not arrive in order of place.
constexpr std::size_t kMostKept = 1000;
constexpr std::size_t kLongestQuote = 40;  // characters
constexpr std::size_t kColumns = 80;
constexpr std::size_t kIndent = 2;
constexpr std::string_view kCut = "...";
// Characters looked at on either side of a place.
constexpr std::size_t kAround = kColumns;

struct Range {
  char32_t first;
  char32_t last;
};

// Two columns wide (Unicode's East Asian Width W and F, roughly).
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
// None wide: marks that combine with the letter before.
constexpr std::array<Range, 4> kNarrow{
    {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

// One character of a source line as it is shown.
struct Cell {
  std::string shown;
  std::size_t columns = 1;
};

// The characters of well-formed UTF-8.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> characters;
  while (!text.empty()) {
    std::size_t length = 1;
    while (length < text.size() && continues_character(text[length])) {
      ++length;
    }
    characters.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return characters;
}

char32_t code_point(std::string_view character) {
  auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) {
    return first;
  }
  char32_t code = first & (0xFFU >> (character.size() + 1));
  for (char next : character.substr(1)) {
    code = (code << 6) | (static_cast<unsigned char>(next) & 0x3FU);
  }
  return code;
}

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

Cell cell_of(std::string_view character) {
  if (character == "\t") {
    return {" ", 1};
  }
  std::string shown = for_one_line(character);
  if (shown != character) {
    return {shown, shown.size()};
  }
  char32_t code = code_point(character);
  std::size_t columns = within(kWide, code) ? 2 : within(kNarrow, code) ? 0 : 1;
  return {shown, columns};
}

std::optional<std::string_view> line_of(std::string_view text, int number) {
  for (int line = 1; line < number; ++line) {
    std::size_t end = text.find('\n');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(end + 1);
  }
  std::string_view line = text.substr(0, text.find('\n'));
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

std::size_t columns_of(const std::vector<Cell>& cells, std::size_t first,
                       std::size_t end) {
  std::size_t columns = 0;
  for (std::size_t i = first; i < end; ++i) {
    columns += cells[i].columns;
  }
  return columns;
}

// Which cells are shown, so that `spot` is among them and all fit.
struct Window {
  std::size_t first = 0;
  std::size_t end = 0;
};

Window window_around(const std::vector<Cell>& cells, std::size_t spot) {
  constexpr std::size_t kRoom = kColumns - kIndent;
  Window window{0, cells.size()};
  if (columns_of(cells, 0, cells.size()) <= kRoom) {
    return window;
  }
  constexpr std::size_t kInner = kRoom - 2 * kCut.size();
  while (window.first < spot &&
         columns_of(cells, window.first, spot) > kInner / 2) {
    ++window.first;
  }
  window.end = window.first;
  std::size_t used = 0;
  while (window.end < cells.size() &&
         used + cells[window.end].columns <= kInner) {
    used += cells[window.end].columns;
    ++window.end;
  }
  return window;
}

// The cells near a column, and where that column is among them.
struct Neighbourhood {
  std::vector<Cell> cells;
  std::size_t spot = 0;
  bool cut_before = false;
  bool cut_behind = false;
};

Neighbourhood neighbourhood(std::string_view line, std::size_t column) {
  std::string sound = valid_utf8(line);
  auto characters = characters_of(sound);
  Neighbourhood near;
  std::size_t spot = std::min(column - 1, characters.size());
  std::size_t first = spot > kAround ? spot - kAround : 0;
  std::size_t end = std::min(characters.size(), spot + kAround);
  near.spot = spot - first;
  near.cut_before = first > 0;
  near.cut_behind = end < characters.size();
  for (std::size_t i = first; i < end; ++i) {
    near.cells.push_back(cell_of(characters[i]));
  }
  return near;
}

// The underlined part: at least the caret, at most what is shown.
std::string underline(std::size_t columns, std::size_t room) {
  std::size_t length =
      std::clamp<std::size_t>(columns, 1, std::max<std::size_t>(room, 1));
  return "^" + std::string(length - 1, '~');
}

std::string source_lines(std::string_view line, const Complaint& complaint) {
  auto column = static_cast<std::size_t>(std::max(complaint.place.column, 1));
  Neighbourhood near = neighbourhood(line, column);
  Window window = window_around(near.cells, near.spot);
  bool cut_before = near.cut_before || window.first > 0;
  bool cut_behind = near.cut_behind || window.end < near.cells.size();
  std::string out(kIndent, ' ');
  out += cut_before ? kCut : "";
  for (std::size_t i = window.first; i < window.end; ++i) {
    out += near.cells[i].shown;
  }
  out += cut_behind ? kCut : "";
  out += "\n" + std::string(kIndent + (cut_before ? kCut.size() : 0), ' ');
  out += std::string(columns_of(near.cells, window.first, near.spot), ' ');
  std::size_t width = static_cast<std::size_t>(std::max(complaint.width, 1));
  std::size_t end = std::min(window.end, near.spot + width);
  return out +
         underline(columns_of(near.cells, near.spot, end),
                   columns_of(near.cells, near.spot, window.end)) +
         "\n";
}

auto order(const Complaint& complaint) {
  return std::tuple(complaint.place.line, complaint.place.column);
}

}  // namespace

void Complaints::add(Spot spot, std::string what) {
  if (complaints_.size() < kMostKept) {
    complaints_.push_back({spot.place, std::move(what), spot.width});
  }
}

std::vector<Complaint> Complaints::take() {
  std::stable_sort(complaints_.begin(), complaints_.end(),
                   [](const Complaint& a, const Complaint& b) {
                     return order(a) < order(b);
                   });
  auto same = [](const Complaint& a, const Complaint& b) {
    return order(a) == order(b) && a.what == b.what;
  };
  complaints_.erase(std::unique(complaints_.begin(), complaints_.end(), same),
                    complaints_.end());
  complaints_.resize(std::min(complaints_.size(), kMostShown));
  return std::exchange(complaints_, {});
}

std::string quote_of(std::string_view text) {
  // Cut before escaping, so that a long text costs no more than a short one.
  std::string near = valid_utf8(text.substr(0, 4 * kLongestQuote + 4));
  auto characters = characters_of(near);
  std::string out = "'";
  for (std::size_t i = 0; i < std::min(characters.size(), kLongestQuote); ++i) {
    out += for_one_line(characters[i]);
  }
  return out + (characters.size() > kLongestQuote ? "...'" : "'");
}

std::string format_complaint(const std::string& file, std::string_view text,
                             const Complaint& complaint) {
  std::string out = for_one_line(file);
  if (complaint.place.line > 0) {
    out += ":" + std::to_string(complaint.place.line) + ":" +
           std::to_string(complaint.place.column);
  }
  out += ": " + for_one_line(complaint.what) + "\n";
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.remove_prefix(3);
  }
  auto line = complaint.place.line > 0 ? line_of(text, complaint.place.line)
                                       : std::nullopt;
  return line ? out + source_lines(*line, complaint) : out;
}

}  // namespace faultrig
