// The forms are those of runtime/traceback.go, runtime/panic.go and
// runtime/signal_amd64x.go, and of cmd/go behind them. A line is passed without
// its blanks: Go's own are a tab, those of a test that logs a dump are more.
#include "harness/judge/dump_line.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace faultrig {

namespace {

constexpr std::size_t kLongestName = 1024;

constexpr std::array<std::string_view, 7> kEndOfCrash{
    "exit status ", "FAIL", "ok  \t", "PASS", "--- ", "=== ", "rax "};

std::optional<std::int64_t> consume_number(std::string_view& text) {
  std::int64_t number = 0;
  auto [end, failed] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || number < 0) {
    return std::nullopt;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

std::string_view cut_part(std::string_view& text) {
  std::size_t end = text.find(", ");
  std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return part;
}

void read_brackets(std::string_view inside, Goroutine& goroutine) {
  std::string_view state = cut_part(inside);
  for (std::string_view note : {" (scan)", " (durable)", " (leaked)"}) {
    if (state.ends_with(note)) {
      state.remove_suffix(note.size());
    }
  }
  goroutine.state = state.substr(0, kLongestName);
  while (!inside.empty()) {
    std::string_view part = cut_part(inside);
    goroutine.locked = goroutine.locked || part == "locked to thread";
    std::string_view rest = part;
    auto minutes = consume_number(rest);
    if (minutes && rest == " minutes" && *minutes < 1'000'000'000) {
      goroutine.minutes = static_cast<int>(*minutes);
    }
  }
}

}  // namespace

bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

std::optional<Goroutine> read_header(std::string_view line) {
  Goroutine goroutine;
  if (!consume(line, "goroutine ")) {
    return std::nullopt;
  }
  auto id = consume_number(line);
  std::size_t open = line.find(" [");
  std::size_t close = line.find(']', open == line.npos ? 0 : open);
  if (!id || open == line.npos || close == line.npos) {
    return std::nullopt;
  }
  std::string_view between = line.substr(0, open);
  std::string_view behind = line.substr(close + 1);
  // From 1.26 on labels may stand behind the state.
  bool ends =
      behind == ":" || (behind.starts_with(" {") && behind.ends_with("}:"));
  if (!ends || !(between.empty() || between.starts_with(" gp=") ||
                 between.starts_with(" m="))) {
    return std::nullopt;
  }
  goroutine.id = *id;
  read_brackets(line.substr(open + 2, close - open - 2), goroutine);
  return goroutine;
}

std::string function_name(std::string_view text) {
  std::string name(text.substr(0, kLongestName));
  for (std::size_t at = name.find("%2e"); at != std::string::npos;
       at = name.find("%2e", at + 1)) {
    name.replace(at, 3, ".");
  }
  return name;
}

std::optional<std::string> read_function(std::string_view line) {
  std::size_t arguments = line.rfind('(');
  if (!line.ends_with(')') || arguments == line.npos) {
    return std::nullopt;
  }
  std::string_view name = line.substr(0, arguments);
  bool plausible = name == "panic" || name.find('.') != name.npos;
  if (!plausible || name.size() > kLongestName ||
      name.find_first_of(" \t\"") != name.npos) {
    return std::nullopt;
  }
  return function_name(name);
}

bool read_place(std::string_view line, Frame& frame) {
  line = line.substr(0, line.find(" fp=0x"));
  line = line.substr(0, line.rfind(" +0x"));
  std::size_t colon = line.rfind(':');
  if (colon == line.npos || colon == 0) {
    return false;
  }
  std::string_view digits = line.substr(colon + 1);
  auto number = consume_number(digits);
  if (!number || !digits.empty() || *number > 100'000'000) {
    return false;
  }
  frame.file = line.substr(0, colon).substr(0, kLongestName);
  frame.line = static_cast<int>(*number);
  return true;
}

bool is_signal_line(std::string_view line, std::string_view next) {
  std::size_t name = line.find(": ");
  return line.starts_with("SIG") && name != line.npos && name < 12 &&
         line.substr(0, name).find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == line.npos &&
         next.starts_with("PC=");
}

bool ends_crash(std::string_view line) {
  for (std::string_view start : kEndOfCrash) {
    if (line.starts_with(start)) {
      return true;
    }
  }
  return false;
}

bool is_of_dump(std::string_view line) {
  static constexpr std::array<std::string_view, 13> kStarts{
      "PC=",
      "runtime: ",
      "runtime stack:",
      "[signal ",
      "[originating ",
      "created by ",
      "goroutine ",
      "...",
      "non-Go function",
      "stack: frame=",
      "signal arrived during ",
      "sigcode=",
      "*** Test killed "};
  static constexpr std::array<std::string_view, 22> kRegisters{
      "rax", "rbx",    "rcx", "rdx", "rdi", "rsi",  "rbp", "rsp",
      "r8",  "r9",     "r10", "r11", "r12", "r13",  "r14", "r15",
      "rip", "rflags", "cs",  "fs",  "gs",  "-----"};
  auto begins = [line](std::string_view start) {
    return line.starts_with(start);
  };
  Frame frame;
  return line.empty() || std::any_of(kStarts.begin(), kStarts.end(), begins) ||
         std::any_of(kRegisters.begin(), kRegisters.end(),
                     [line](std::string_view name) {
                       return line.substr(0, line.find(' ')) == name;
                     }) ||
         read_function(line) || read_place(line, frame);
}

bool tells_end(std::string_view line) {
  return line.starts_with("exit status ") || line.starts_with("signal: ");
}

bool ends_package(std::string_view line) {
  return line.starts_with("FAIL\t") || line.starts_with("ok  \t") ||
         line.starts_with("?   \t");
}

bool is_of_testing(std::string_view line) {
  return line.starts_with("--- ") || line.starts_with("=== ") ||
         line == "PASS" || line == "FAIL";
}

bool prints_stacks(std::string_view function) {
  return function == "runtime/debug.Stack" ||
         function == "runtime/debug.PrintStack" ||
         function == "runtime.Stack" || function.starts_with("runtime/pprof.");
}

}  // namespace faultrig
