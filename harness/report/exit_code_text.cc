#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "harness/base/names.h"
#include "harness/report/explanation_text.h"
#include "harness/report/wrap.h"

namespace faultrig {

namespace {

struct LinkWords {
  std::string_view key;
  std::string_view words;
};

// From the inside out.
constexpr std::array<LinkWords, 10> kLinks{
    {{"test", "the test binary, run by itself, ends with it"},
     {"exec", "the -exec program ends with it"},
     {"go_test", "go test ends with it"},
     {"go_run", "go run ends with it"},
     {"tool", "a tool around it ends with it"},
     {"xargs", "xargs(1) ends with it"},
     {"timeout", "timeout(1) ends with it"},
     {"ssh", "ssh(1) ends with it"},
     {"container", "a container runtime ends with it"},
     {"shell", "a shell shows it"}}};

bool shows_code(const std::string& shown, int code) {
  int number = 0;
  auto [end, failed] =
      std::from_chars(shown.data(), shown.data() + shown.size(), number);
  if (failed == std::errc()) {
    // `2 (Go 1.19)` says 2.
    return number == code;
  }
  std::string name = shown.substr(0, shown.find(' '));
  auto signal = signal_number(name);
  return signal && name.starts_with("SIG") && 128 + *signal == code;
}

}  // namespace

std::vector<Showing> showings_of(int code, std::span<const Cause> causes) {
  std::vector<Showing> out;
  for (const LinkWords& link : kLinks) {
    for (const Cause& cause : causes) {
      auto ends = cause.ends.find(std::string(link.key));
      if (cause.general || ends == cause.ends.end()) {
        continue;
      }
      auto shown = std::find_if(
          ends->second.begin(), ends->second.end(),
          [&](const std::string& one) { return shows_code(one, code); });
      if (shown != ends->second.end()) {
        out.push_back({&cause, std::string(link.key), *shown});
      }
    }
  }
  return out;
}

std::string code_text(int code, const std::vector<Showing>& showings) {
  std::string out;
  for (const LinkWords& link : kLinks) {
    bool first = true;
    for (const Showing& one : showings) {
      if (one.link != link.key) {
        continue;
      }
      out += first ? fmt::format("{}{}:\n", out.empty() ? "" : "\n", link.words)
                   : "";
      first = false;
      std::string note = one.shows == std::to_string(code)
                             ? ""
                             : fmt::format(" ({})", one.shows);
      out += wrapped("  " + one.cause->id, one.cause->title + note, 30);
      out += wrapped("", "scenarios/" + one.cause->scenario + ".yaml", 30);
    }
  }
  if (out.empty()) {
    return fmt::format("{}: no cause in the catalogue ends with it\n", code);
  }
  return fmt::format("{}:\n\n", code) + out +
         "\nfaultrig explain NAME tells one of them; faultrig explain LOG "
         "finds "
         "it.\n";
}

}  // namespace faultrig
