#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/names.h"
#include "harness/base/whole_number.h"
#include "harness/report/explanation_text.h"

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

// `3 to 125`.
std::optional<std::pair<int, int>> range_in(std::string_view text) {
  constexpr std::string_view kTo = " to ";
  std::size_t to = text.find(kTo);
  if (to == std::string_view::npos) {
    return std::nullopt;
  }
  auto first = whole_number<int>(text.substr(0, to));
  auto last = whole_number<int>(text.substr(to + kTo.size()));
  return first && last ? std::optional(std::pair(*first, *last)) : std::nullopt;
}

// `2 (Go 1.19)` says 2, `0xc0000005` is a status of Windows, SIGKILL shows as
// what a shell makes of it.
bool shows_code(const std::string& shown, std::int64_t code) {
  if (auto range = range_in(shown)) {
    return code >= range->first && code <= range->second;
  }
  std::string name = shown.substr(0, shown.find(' '));
  if (name.starts_with("0x")) {
    return whole_number<std::uint32_t>(name.substr(2), 16) == code;
  }
  if (auto number = whole_number<std::int64_t>(name)) {
    return *number == code;
  }
  auto signal = signal_number(name);
  return signal && name.starts_with("SIG") && 128 + *signal == code;
}

AskedCode windows_status(std::uint32_t status) {
  return {status, fmt::format("status {:#x} of Windows (NTSTATUS)", status)};
}

// subprocess has the negative number of the signal for a return code.
std::string of_python(std::int64_t number) {
  constexpr std::int64_t kLastSignal = 64;
  return number < 0 && number >= -kLastSignal
             ? fmt::format("; Python's returncode of a child that {} ended",
                           signal_name(static_cast<int>(-number)))
             : "";
}

}  // namespace

std::optional<AskedCode> asked_code(std::string_view text) {
  constexpr std::int64_t kMost = 255;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    auto status = whole_number<std::uint32_t>(text.substr(2), 16);
    bool small = status && *status <= kMost;
    return !status ? std::nullopt
           : small ? std::optional(AskedCode{*status, ""})
                   : std::optional(windows_status(*status));
  }
  auto signal = signal_number(std::string(text));
  if (signal && text.starts_with("SIG")) {
    return AskedCode{128 + *signal,
                     fmt::format("{} as a shell shows it", text)};
  }
  auto number = whole_number<std::int64_t>(text);
  constexpr std::int64_t kLeast = -2147483648;
  constexpr std::int64_t kMost32 = 4294967295;
  if (!number || *number < kLeast || *number > kMost32) {
    return std::nullopt;
  }
  if (*number == -1) {
    return AskedCode{kMost,
                     "eight bits of -1; ExitCode() of os/exec gives -1 for a "
                     "child that a signal ended"};
  }
  if (*number >= 0 && *number <= kMost) {
    return AskedCode{*number, ""};
  }
  // A process of Unix can only have ended with eight bits of it.
  constexpr std::int64_t kMostUnix = 65535;
  return *number >= -kMostUnix && *number <= kMostUnix
             ? AskedCode{*number & kMost,
                         fmt::format("eight bits of {}{}", *number,
                                     of_python(*number))}
             : windows_status(static_cast<std::uint32_t>(*number));
}

std::vector<Showing> showings_of(std::int64_t code,
                                 std::span<const Cause> causes) {
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

std::string code_text(const AskedCode& asked,
                      const std::vector<Showing>& showings) {
  std::int64_t code = asked.code;
  std::string head =
      fmt::format("{}:{}{}", code, asked.note.empty() ? "" : " ", asked.note);
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
    return fmt::format("{}: no cause in the catalogue ends with it\n",
                       asked.note.empty() ? std::to_string(code) : head);
  }
  return head + "\n\n" + out +
         "\nfaultrig explain NAME tells one of them; faultrig explain LOG "
         "finds "
         "it.\n";
}

}  // namespace faultrig
