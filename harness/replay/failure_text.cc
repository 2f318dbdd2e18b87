#include "harness/replay/failure_text.h"

#include <algorithm>
#include <array>

#include "harness/base/characters.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/judge/go_output.h"
#include "harness/model/call_errors.h"
#include "harness/replay/call_words.h"

namespace faultrig {

namespace {

constexpr std::size_t kLeastBegun = 6;
constexpr std::size_t kMostShown = 200;

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

bool is_hex(char letter) {
  return is_digit(letter) || (letter >= 'a' && letter <= 'f');
}

std::size_t run_of(std::string_view text, std::size_t at, bool (*is)(char)) {
  std::size_t size = 0;
  while (at + size < text.size() && is(text[at + size])) {
    ++size;
  }
  return size;
}

// `too many o`, and there something was left out.
bool begins_to_say(std::string_view line, std::string_view words) {
  std::size_t gap = line.find(kLeftOut);
  for (std::size_t size = words.size(); gap != line.npos && size >= kLeastBegun;
       --size) {
    if (line.substr(0, gap).ends_with(words.substr(0, size))) {
      return true;
    }
  }
  return false;
}

// U+0000 to U+001F, or U+0080 to U+009F.
bool is_control(std::string_view text) {
  auto first = static_cast<unsigned char>(text[0]);
  return (first < 0x20 && text[0] != kLeftOut) || begins_with_c1(text);
}

// What stands around an error and is none.
bool is_around(std::string_view line) {
  constexpr std::array<std::string_view, 11> kAround{
      "goroutine ", "\t",   "exit status ", "FAIL", "created by ", "---",
      "=== ",       "PASS", "coverage: ",   "ok  ", "[signal "};
  return std::any_of(
      kAround.begin(), kAround.end(),
      [&](std::string_view word) { return line.starts_with(word); });
}

// The function at the top of the crash that these lines begin with, as `panic:
// {in: ...}` looks for it.
std::string top_in(const std::vector<std::string_view>& lines,
                   std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < lines.size(); ++i) {
    text.append(lines[i]) += '\n';
  }
  GoOutput output = parse_go_output(text);
  bool dumped = !output.crashes.empty() &&
                output.crashes[0].first < output.crashes[0].end;
  const Frame* top =
      dumped ? top_frame(output.goroutines[output.crashes[0].first]) : nullptr;
  bool told = top != nullptr && !top->function.starts_with("testing.") &&
              top->function.find(kLeftOut) == std::string::npos;
  return told ? top->function : "";
}

}  // namespace

bool is_headline(std::string_view line) {
  return std::any_of(
      kHeadlines.begin(), kHeadlines.end(),
      [&](std::string_view word) { return line.starts_with(word); });
}

bool says_error(std::string_view line, std::string_view error) {
  std::string small = in_small_letters(line);
  std::vector<std::string> words = error_words(errno_number(error).value_or(0));
  words.push_back(in_small_letters(error));
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return small.find(word) != std::string::npos || begins_to_say(small, word);
  });
}

std::string pattern_of(std::string_view line) {
  std::string_view text = first_characters(line, kMostShown);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    bool hex = text.substr(at).starts_with("0x");
    std::size_t digits =
        hex ? run_of(text, at + 2, is_hex) : run_of(text, at, is_digit);
    char letter = text[at];
    if (digits > 0) {
      out += hex ? "0x[0-9a-f]+" : "\\d+";
      at += digits + (hex ? 2 : 0);
      continue;
    }
    if (is_control(text.substr(at))) {
      out += '.';
      at += letter == '\xc2' ? 2 : 1;
      continue;
    }
    bool special = std::string_view("\\.+*?()|[]{}^$").find(letter) !=
                   std::string_view::npos;
    out += letter == kLeftOut ? ".*" : special ? "\\" : "";
    out += letter == kLeftOut ? "" : std::string(1, letter);
    ++at;
  }
  return out;
}

ErrorLine error_line_in(const std::vector<std::string_view>& lines,
                        std::string_view error) {
  std::size_t headline = lines.size();
  std::size_t said = lines.size();
  std::size_t last = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bool counts = !lines[i].empty() && !is_around(lines[i]);
    if (is_headline(lines[i])) {
      headline = std::min(headline, i);
    } else if (counts && !error.empty() && says_error(lines[i], error)) {
      bool whole = lines[i].find(kLeftOut) == lines[i].npos;
      said = whole || said == lines.size() ? i : said;
    } else if (counts && headline == lines.size()) {
      last = i;
    }
  }
  std::size_t chosen = headline < lines.size() ? headline
                       : said < lines.size()   ? said
                                               : last;
  if (chosen == lines.size()) {
    return {};
  }
  bool panics = chosen == headline;
  return {std::string(lines[chosen]), panics,
          panics ? top_in(lines, chosen) : "", chosen != last};
}

}  // namespace faultrig
