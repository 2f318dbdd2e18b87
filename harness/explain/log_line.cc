#include "harness/explain/log_line.h"

#include <algorithm>

#include <re2/re2.h>

#include "harness/judge/benchmark_name.h"

namespace faultrig {

namespace {

constexpr std::size_t kLongest = 16 << 10;
constexpr char kEscape = '\x1b';

bool is_final_byte(char byte) { return byte >= 0x40 && byte <= 0x7e; }

// The length of the escape sequence at the start of `text`.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) {
    return text.size();
  }
  std::size_t at = 1;
  while (at < text.size() && text[at] >= ' ' && text[at] <= '/') {
    ++at;
  }
  if (at > 1) {
    return std::min(at + 1, text.size());
  }
  at = 2;
  if (text[1] == '[') {
    while (at < text.size() && !is_final_byte(text[at])) {
      ++at;
    }
    return std::min(at + 1, text.size());
  }
  if (text[1] == ']') {
    while (at < text.size() && text[at] != '\a' && text[at] != kEscape) {
      ++at;
    }
    bool string_end = at + 1 < text.size() && text[at] == kEscape;
    return std::min(at + (string_end ? 2 : 1), text.size());
  }
  return at;
}

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t escape = std::min(text.find(kEscape, at), text.size());
    out += text.substr(at, escape - at);
    at = escape +
         (escape < text.size() ? escape_length(text.substr(escape)) : 0);
  }
  return out;
}

// GitHub and containers: `2026-01-02T03:04:05.678Z `; GitLab puts `00O ` or
// `01E+` behind it; Jenkins and others write it in brackets, or the time alone.
const RE2& stamp() {
  static const RE2 expression(
      R"(^\[?(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)"
      R"((?:Z|[+-]\d\d:?\d\d)?\]?(?: |\t|$)(?:\d\d[OE][ +])?)");
  return expression;
}

// `##[group]`, `section_start:1700000000:name`: the runner's own marks.
const RE2& mark() {
  static const RE2 expression(
      R"(^(?:##\[\w+\]|section_(?:start|end):\d+:[\w.\[\]=,-]+))");
  return expression;
}

}  // namespace

std::string LineCleaner::clean(std::string_view line) {
  std::string shortened;
  if (line.size() > kLongest) {
    shortened = line.substr(0, kLongest / 2);
    shortened += line.substr(line.size() - kLongest / 2);
    line = shortened;
  }
  std::string out = line.find(kEscape) == std::string_view::npos
                        ? std::string(line)
                        : without_escapes(line);
  while (out.ends_with('\r')) {
    out.pop_back();
  }
  if (stamped_ && !out.empty()) {
    stamped_ = RE2::Replace(&out, stamp(), "");
  }
  if (out.starts_with("##[") || out.starts_with("section_")) {
    RE2::Replace(&out, mark(), "");
  }
  std::string_view behind = behind_benchmark_name(out);
  out.erase(0, out.size() - behind.size());
  return out;
}

}  // namespace faultrig
