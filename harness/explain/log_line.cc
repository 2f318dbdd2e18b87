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
  // Operating system commands, and the private ones of a CI (`_bk;t=1`).
  if (std::string_view("]_P^X").find(text[1]) != std::string_view::npos) {
    while (at < text.size() && text[at] != '\a' && text[at] != kEscape) {
      ++at;
    }
    bool string_end = at + 1 < text.size() && text[at] == kEscape;
    return std::min(at + (string_end ? 2 : 1), text.size());
  }
  return at;
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
      R"(^(?:##\[\w+\]|section_(?:start|end):\d+:[\w.\[\]=,-]+\r?)+)");
  return expression;
}

constexpr std::string_view kSpecPassed = "\xe2\x80\xa2";

// ginkgo writes a dot, or S or P, for each spec, and the end of the line last
// of all: what the runtime says of a crash stands behind them.
const RE2& specs_before_a_crash() {
  static const RE2 kSpecs(
      "^[\xe2\x80\xa2SP]+((panic|fatal error|runtime|runtime/cgo|SIG[A-Z]+): |"
      "unexpected fault address |=+$)");
  return kSpecs;
}

}  // namespace

std::string without_escapes(std::string_view line) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string shortened;
  if (line.size() > kLongest) {
    shortened = line.substr(0, kLongest / 2);
    shortened += line.substr(line.size() - kLongest / 2);
    line = shortened;
  }
  while (line.starts_with(kByteOrderMark)) {
    line.remove_prefix(kByteOrderMark.size());
  }
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t escape = std::min(line.find(kEscape, at), line.size());
    out += line.substr(at, escape - at);
    at = escape +
         (escape < line.size() ? escape_length(line.substr(escape)) : 0);
  }
  while (out.ends_with('\r')) {
    out.pop_back();
  }
  // A terminal shows what was written last over it.
  std::size_t over = out.rfind('\r');
  return over == std::string::npos ? out : out.substr(over + 1);
}

bool take_stamp(std::string& line) {
  return !line.empty() && RE2::Replace(&line, stamp(), "");
}

void take_marks(std::string& line) {
  if (line.starts_with("##[") || line.starts_with("section_")) {
    RE2::Replace(&line, mark(), "");
  }
  std::string_view behind = behind_benchmark_name(line);
  line.erase(0, line.size() - behind.size());
  if (line.starts_with(kSpecPassed)) {
    RE2::Replace(&line, specs_before_a_crash(), "\\1");
  }
}

std::vector<std::string> at_marks(std::string_view line) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= line.size();) {
    std::size_t end = std::min(line.find('\x16', at), line.size());
    if (end > at || (at == 0 && end == line.size())) {
      out.emplace_back(line.substr(at, end - at));
    }
    at = end + 1;
  }
  return out;
}

}  // namespace faultrig
