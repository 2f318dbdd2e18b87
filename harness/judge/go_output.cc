// Go prints a crash as a preamble, a blank line, and goroutines with blank
// lines between (runtime/panic.go, runtime/traceback.go). Under `go test` the
// lines of other writers may stand between them, and a benchmark's name before
// them, so each line is judged by its own form, and a line of no known form is
// passed over.
#include "harness/judge/go_output.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "harness/judge/benchmark_name.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostCrashes = 256;
constexpr std::size_t kMostGoroutines = 100'000;
constexpr std::size_t kMostFrames = 400'000;
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestLine = 16 << 10;

constexpr std::array<std::string_view, 7> kEndOfCrash{
    "exit status ", "FAIL", "ok  \t", "PASS", "--- ", "=== ", "rax "};

bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

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

// Without leading blanks, and without the ^V with which `-test.v=test2json`
// marks lines.
std::string_view without_indent(std::string_view line) {
  std::size_t start = line.find_first_not_of(" \t\x16");
  return start == std::string_view::npos ? "" : line.substr(start);
}

std::string_view cut_line(std::string_view& text) {
  std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line.substr(0, kLongestLine);
}

// The next line as the program meant it: without the name of a benchmark that
// testing had left open, which may be indented itself.
std::string_view next_line(std::string_view& text) {
  std::string_view line = cut_line(text);
  std::string_view bare = without_indent(line);
  std::string_view behind = behind_benchmark_name(bare);
  return behind.size() == bare.size() ? line : behind;
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

// `goroutine 7 gp=0xc00 m=nil [chan receive, 5 minutes]:`.
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

// The linker writes dots in the last element of a package path as `%2e`.
std::string function_name(std::string_view text) {
  std::string name(text.substr(0, kLongestName));
  for (std::size_t at = name.find("%2e"); at != std::string::npos;
       at = name.find("%2e", at + 1)) {
    name.replace(at, 3, ".");
  }
  return name;
}

// `example.com/deeds/stack.(*T).Run(0xc000, ...)`.
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

// `/src/stack_test.go:12 +0x1d fp=0x.. sp=0x.. pc=0x..`.
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

// `SIGQUIT: quit`; Go prints `PC=0x...` below, a program that only logs a
// signal does not.
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

class Parser {
 public:
  void take(std::string_view line, std::string_view next);
  GoOutput finish();

 private:
  bool take_header(std::string_view line);
  bool take_crash(std::string_view line, std::string_view next, bool indented);
  void take_preamble(std::string_view line);
  void take_stack(std::string_view line);
  void take_note(std::string_view line);
  void start_crash(CrashKind kind, std::string_view text);
  void add_text(std::string_view line);
  void end_goroutine();

  GoOutput output_;
  std::string note_;  // `runtime: ...` lines before `fatal error`
  bool in_preamble_ = false;
  bool in_goroutine_ = false;
  bool place_missing_ = false;  // the last frame's file is still to come
  std::size_t frames_ = 0;
};

void Parser::take(std::string_view line, std::string_view next) {
  std::string_view bare = without_indent(line);
  bool indented = bare.size() != line.size();
  if (take_header(bare) || take_crash(bare, next, indented)) {
    note_.clear();
    return;
  }
  if (bare.empty() || ends_crash(bare)) {
    in_preamble_ = false;
    end_goroutine();
  } else if (in_preamble_) {
    take_preamble(bare);
  } else if (in_goroutine_) {
    take_stack(bare);
  }
  take_note(bare);
}

bool Parser::take_header(std::string_view line) {
  auto goroutine = read_header(line);
  if (!goroutine) {
    return false;
  }
  in_preamble_ = false;
  end_goroutine();
  if (output_.goroutines.size() < kMostGoroutines) {
    output_.goroutines.push_back(*std::move(goroutine));
    in_goroutine_ = true;
  }
  return true;
}

bool Parser::take_crash(std::string_view line, std::string_view next,
                        bool indented) {
  if (in_preamble_ && indented && line.starts_with("panic: ")) {
    add_text(line);
    return true;
  }
  if (consume(line, "panic: ")) {
    start_crash(CrashKind::panic, line);
  } else if (consume(line, "fatal error: ")) {
    start_crash(CrashKind::fatal, line);
  } else if (is_signal_line(line, without_indent(next))) {
    start_crash(CrashKind::signal, line);
  } else {
    return false;
  }
  return true;
}

void Parser::start_crash(CrashKind kind, std::string_view text) {
  end_goroutine();
  in_preamble_ = true;
  if (output_.crashes.size() == kMostCrashes) {
    in_preamble_ = false;
    return;
  }
  if (!output_.crashes.empty()) {
    output_.crashes.back().end = output_.goroutines.size();
  }
  GoCrash crash;
  crash.kind = kind;
  crash.text = text.substr(0, kLongestText);
  crash.first = output_.goroutines.size();
  output_.crashes.push_back(std::move(crash));
  if (kind == CrashKind::fatal && !note_.empty()) {
    add_text(note_);
  }
}

void Parser::add_text(std::string_view line) {
  std::string& text = output_.crashes.back().text;
  if (text.size() + line.size() + 1 <= kLongestText) {
    text += '\n';
    text += line;
  }
}

void Parser::take_preamble(std::string_view line) {
  bool fatal = output_.crashes.back().kind == CrashKind::fatal;
  if (!fatal || line.starts_with("[signal ") || line.starts_with("runtime")) {
    add_text(line);
  }
}

void Parser::take_stack(std::string_view line) {
  Goroutine& goroutine = output_.goroutines.back();
  if (consume(line, "created by ")) {
    std::size_t end = line.find(" in goroutine ");
    goroutine.created_by = function_name(line.substr(0, end));
    place_missing_ = false;
    return;
  }
  if (place_missing_ && read_place(line, goroutine.frames.back())) {
    place_missing_ = false;
    return;
  }
  auto function = read_function(line);
  if (function && frames_ < kMostFrames) {
    goroutine.frames.emplace_back();
    goroutine.frames.back().function = *std::move(function);
    place_missing_ = true;
    ++frames_;
  }
}

void Parser::take_note(std::string_view line) {
  bool told = line.starts_with("runtime: ") ||
              line.starts_with("unexpected fault address ");
  if (!told || note_.size() + line.size() > kLongestName) {
    note_.clear();
    return;
  }
  note_ += note_.empty() ? "" : "\n";
  note_ += line;
}

void Parser::end_goroutine() {
  if (in_goroutine_) {
    Goroutine& goroutine = output_.goroutines.back();
    goroutine.state_class = state_class(goroutine.state, goroutine.frames);
  }
  in_goroutine_ = false;
  place_missing_ = false;
}

GoOutput Parser::finish() {
  end_goroutine();
  if (!output_.crashes.empty()) {
    output_.crashes.back().end = output_.goroutines.size();
  }
  return std::move(output_);
}

}  // namespace

std::string GoCrash::headline() const {
  std::string line = text.substr(0, text.find('\n'));
  switch (kind) {
    case CrashKind::panic:
      return "panic: " + line;
    case CrashKind::fatal:
      return "fatal error: " + line;
    case CrashKind::signal:
      break;
  }
  return line;
}

GoOutput parse_go_output(std::string_view text) {
  Parser parser;
  std::string_view next = next_line(text);
  while (!text.empty()) {
    std::string_view line = std::exchange(next, next_line(text));
    parser.take(line, next);
  }
  parser.take(next, "");
  return parser.finish();
}

const Frame* top_frame(const Goroutine& goroutine) {
  for (const Frame& frame : goroutine.frames) {
    if (!is_machinery(frame.function)) {
      return &frame;
    }
  }
  return nullptr;
}

}  // namespace faultrig
