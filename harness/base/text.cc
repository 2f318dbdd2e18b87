#include "harness/base/text.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <iterator>

namespace faultrig {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed sequence at the start of `text`, or 0 (Unicode
// standard, table 3-7: no overlong forms, no surrogates, at most U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  unsigned char first = byte(0);
  if (first < 0x80) {
    return 1;
  }
  std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) {
    return 0;
  }
  unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  return length;
}

bool is_control(std::string_view sequence) {
  auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) {
    return first < 0x20 || first == 0x7F;
  }
  return first == 0xC2 && static_cast<unsigned char>(sequence[1]) < 0xA0;
}

char32_t code_point(std::string_view sequence) {
  auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) {
    return first;
  }
  char32_t code = first & (0xFFU >> (sequence.size() + 1));
  for (char next : sequence.substr(1)) {
    code = (code << 6) | (static_cast<unsigned char>(next) & 0x3FU);
  }
  return code;
}

struct Range {
  char32_t first;
  char32_t last;
};

// Characters that are not seen and change what is seen: they turn the order of
// the text around, end lines, hide. Unicode's Cf without the signs that Arabic
// writes above numbers, its Zl and Zp.
constexpr Range kUnseen[] = {
    {0xAD, 0xAD},       {0x61C, 0x61C},     {0x70F, 0x70F},
    {0x180E, 0x180E},   {0x200B, 0x200F},   {0x2028, 0x202E},
    {0x2060, 0x206F},   {0xFEFF, 0xFEFF},   {0xFFF9, 0xFFFB},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE007F}};

bool is_unseen(std::string_view sequence) {
  char32_t code = sequence.size() < 2 ? 0 : code_point(sequence);
  return code != 0 && std::any_of(std::begin(kUnseen), std::end(kUnseen),
                                  [&](const Range& range) {
                                    return range.first <= code &&
                                           code <= range.last;
                                  });
}

// `\x1b`, `\u202e`, `\U000e0001`.
void append_visible(std::string& out, std::string_view sequence) {
  auto code = static_cast<unsigned>(code_point(sequence));
  const char* form = code > 0xFFFF ? "\\U%08x"
                     : code > 0xFF ? "\\u%04x"
                                   : "\\x%02x";
  char shown[16];
  (void)std::snprintf(shown, sizeof shown, form, code);
  out += shown;
}

// JSON knows only units of UTF-16 (RFC 8259, section 7).
void append_json(std::string& out, char32_t code) {
  char shown[16];
  if (code > 0xFFFF) {
    code -= 0x10000;
    (void)std::snprintf(shown, sizeof shown, "\\u%04x",
                        static_cast<unsigned>(0xD800 + (code >> 10)));
    out += shown;
    code = 0xDC00 + (code & 0x3FF);
  }
  (void)std::snprintf(shown, sizeof shown, "\\u%04x",
                      static_cast<unsigned>(code));
  out += shown;
}

// Calls `take` with each well-formed sequence, or with nothing for a bad byte.
template <typename Take>
void each_sequence(std::string_view text, Take take) {
  while (!text.empty()) {
    std::size_t length = sequence_length(text);
    take(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_sequence(text, [&](std::string_view sequence) {
    out += sequence.empty() ? kReplacement : sequence;
  });
  return out;
}

bool is_valid_utf8(std::string_view text) {
  bool valid = true;
  each_sequence(text, [&](std::string_view sequence) {
    valid = valid && !sequence.empty();
  });
  return valid;
}

std::string for_terminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_sequence(text, [&](std::string_view sequence) {
    if (sequence.empty()) {
      out += kReplacement;
    } else if ((sequence != "\n" && sequence != "\t" && is_control(sequence)) ||
               is_unseen(sequence)) {
      append_visible(out, sequence);
    } else {
      out += sequence;
    }
  });
  return out;
}

std::string for_json(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each_sequence(text, [&](std::string_view sequence) {
    bool escape = sequence.size() > 1
                      ? is_control(sequence) || is_unseen(sequence)
                      : sequence == "\x7F";
    if (escape) {
      append_json(out, code_point(sequence));
    } else {
      out += sequence;
    }
  });
  return out;
}

std::string for_one_line(std::string_view text) {
  std::string out;
  for (char letter : for_terminal(text)) {
    if (letter == '\n') {
      out += "\\n";
    } else if (letter == '\t') {
      out += "\\t";
    } else {
      out += letter;
    }
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    lines.push_back(line);
  }
  return lines;
}

std::string join(const std::vector<std::string>& parts,
                 std::string_view between) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) {
      out += between;
    }
    out += part;
  }
  return out;
}

namespace {

// Does `letter` belong to the set that starts behind `[`? `glob` is moved
// behind its `]`; false with `glob` unmoved where the set never ends.
bool in_set(std::string_view& glob, char letter, bool& closed) {
  std::size_t at = 0;
  bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
  at += negated ? 1 : 0;
  bool found = false;
  closed = false;
  for (std::size_t first = at; at < glob.size(); ++at) {
    if (glob[at] == ']' && at > first) {
      closed = true;
      glob.remove_prefix(at + 1);
      break;
    }
    bool range =
        at + 2 < glob.size() && glob[at + 1] == '-' && glob[at + 2] != ']';
    char high = range ? glob[at + 2] : glob[at];
    found = found || (glob[at] <= letter && letter <= high);
    at += range ? 2 : 0;
  }
  return found != negated;
}

// Matches one letter of text against the head of the glob and moves behind it.
bool match_one(std::string_view& glob, char letter) {
  char head = glob.front();
  glob.remove_prefix(1);
  if (head == '?') {
    return true;
  }
  if (head == '[') {
    bool closed = false;
    std::string_view rest = glob;
    bool found = in_set(rest, letter, closed);
    if (closed) {
      glob = rest;
      return found;
    }
  }
  if (head == '\\' && !glob.empty()) {
    head = glob.front();
    glob.remove_prefix(1);
  }
  return head == letter;
}

}  // namespace

bool glob_match(std::string_view glob, std::string_view text) {
  std::string_view star_glob;
  std::string_view star_text;
  bool starred = false;
  while (!text.empty()) {
    if (glob.starts_with('*')) {
      glob.remove_prefix(1);
      star_glob = glob;
      star_text = text;
      starred = true;
      continue;
    }
    if (!glob.empty() && match_one(glob, text.front())) {
      text.remove_prefix(1);
      continue;
    }
    if (!starred) {
      return false;
    }
    star_text.remove_prefix(1);
    glob = star_glob;
    text = star_text;
  }
  return glob.find_first_not_of('*') == std::string_view::npos;
}

std::string normal_path(std::string_view path) {
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  if (normal.size() > 1 && normal.ends_with('/')) {
    normal.pop_back();
  }
  return normal;
}

std::string shell_quote(std::string_view word) {
  auto plain = [](unsigned char letter) {
    return std::isalnum(letter) != 0 ||
           std::string_view("_-./:=,+@%^").find(static_cast<char>(letter)) !=
               std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) {
    return std::string(word);
  }
  std::string out = "'";
  for (char letter : word) {
    if (letter == '\'') {
      out += "'\\''";
    } else {
      out += letter;
    }
  }
  return out + "'";
}

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  quoted.reserve(words.size());
  for (const std::string& word : words) {
    quoted.push_back(shell_quote(word));
  }
  return join(quoted, " ");
}

std::uint64_t mixed(std::uint64_t seed, std::uint64_t number) {
  std::uint64_t z = seed + (number + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

}  // namespace faultrig
