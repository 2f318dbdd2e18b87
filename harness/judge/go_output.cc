// Go prints a crash as a preamble, a blank line, and goroutines with blank
// lines between (runtime/panic.go, runtime/traceback.go). Under `go test` the
// lines of other writers may stand between them, and a benchmark's name before
// them, so each line is judged by its own form, and a line of no known form is
// passed over.
#include "harness/judge/go_output.h"

#include <algorithm>
#include <utility>

#include "harness/judge/benchmark_name.h"
#include "harness/judge/dump_line.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostCrashes = 256;
constexpr std::size_t kMostGoroutines = 100'000;
constexpr std::size_t kMostFrames = 400'000;
constexpr std::size_t kLongestText = 4096;
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kLongestLine = 16 << 10;

// Without leading blanks, and without the ^V with which `-test.v=test2json`
// marks lines.
std::string_view without_indent(std::string_view line) {
  std::size_t start = line.find_first_not_of(" \t\x16");
  return start == std::string_view::npos ? "" : line.substr(start);
}

// The runtime writes at the start of a line. What is indented was printed by
// somebody: by t.Log, or as the value of a panic.
bool is_indented(std::string_view line) {
  std::size_t start = line.find_first_not_of('\x16');
  return start != line.npos && (line[start] == ' ' || line[start] == '\t');
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

// The runtime shows a frame of panic only below a deferred function, which then
// has panicked again, and tells of both (showfuncinfo, printpanics in Go's
// runtime). Where only one is told of, the deferred function printed the stack;
// testing's does not.
bool tells_too_few(const GoCrash& crash, const std::vector<Frame>& frames) {
  bool within =
      std::any_of(frames.begin() + 1, frames.end(),
                  [](const auto& f) { return f.function == "panic"; });
  return crash.kind == CrashKind::panic && within &&
         !frames.front().function.starts_with("testing.") &&
         crash.text.find("\npanic: ") == std::string::npos &&
         crash.text.find("[recovered") == std::string::npos;
}

// The goroutine of a test recovers what panics in it, and panics again: that is
// told of, and testing's own frames stand on the stack.
bool is_of_a_quiet_test(const GoCrash& crash, const Goroutine& goroutine) {
  bool passed_on = std::any_of(
      goroutine.frames.begin(), goroutine.frames.end(), [](const auto& f) {
        return f.function.starts_with("testing.tRunner.func");
      });
  return crash.kind == CrashKind::panic &&
         goroutine.created_by == "testing.(*T).Run" && !passed_on &&
         crash.text.find("[recovered") == std::string::npos;
}

class Parser {
 public:
  void take(std::string_view line, std::string_view next);
  GoOutput finish();

 private:
  bool take_header(std::string_view line);
  bool take_crash(std::string_view line, std::string_view next);
  bool take_nested(std::string_view line);
  void take_preamble(std::string_view line);
  void take_stack(std::string_view line, bool indented);
  void take_note(std::string_view line);
  void start_crash(CrashKind kind, std::string_view text);
  void add_text(std::string_view line);
  void end_goroutine();
  void look_behind(std::string_view line);
  void close_crash();

  GoOutput output_;
  bool behind_crash_ = false;  // its program may still print
  std::string note_;           // `runtime: ...` lines before `fatal error`
  bool in_preamble_ = false;
  bool in_goroutine_ = false;
  bool place_missing_ = false;  // the last frame's file is still to come
  std::size_t frames_ = 0;
};

void Parser::take(std::string_view line, std::string_view next) {
  std::string_view bare = without_indent(line);
  bool indented = is_indented(line);
  bool crash = indented ? take_nested(bare)
                        : take_header(bare) || take_crash(bare, next);
  if (crash) {
    note_.clear();
    return;
  }
  if (bare.empty() || ends_crash(bare)) {
    in_preamble_ = false;
    end_goroutine();
  } else if (in_preamble_) {
    take_preamble(bare);
  } else if (in_goroutine_) {
    take_stack(bare, indented);
  }
  look_behind(bare);
  take_note(bare);
}

bool Parser::take_header(std::string_view line) {
  auto goroutine = read_header(line);
  if (!goroutine) {
    return false;
  }
  in_preamble_ = false;
  end_goroutine();
  if (behind_crash_) {
    output_.crashes.back().last = true;  // others wrote between
  }
  if (output_.goroutines.size() < kMostGoroutines) {
    output_.goroutines.push_back(*std::move(goroutine));
    in_goroutine_ = true;
  }
  return true;
}

// A panic that came of another one, or a line of a value.
bool Parser::take_nested(std::string_view line) {
  bool nested = in_preamble_ && line.starts_with("panic: ");
  if (nested) {
    add_text(line);
  }
  return nested;
}

bool Parser::take_crash(std::string_view line, std::string_view next) {
  if (consume(line, "panic: ")) {
    start_crash(CrashKind::panic, line);
  } else if (consume(line, "fatal error: ")) {
    start_crash(CrashKind::fatal, line);
  } else if (is_signal_line(line, next)) {
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
  close_crash();
  GoCrash crash;
  crash.kind = kind;
  crash.text = text.substr(0, kLongestText);
  crash.first = output_.goroutines.size();
  output_.crashes.push_back(std::move(crash));
  behind_crash_ = true;
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

void Parser::take_stack(std::string_view line, bool indented) {
  Goroutine& goroutine = output_.goroutines.back();
  if (!indented && consume(line, "created by ")) {
    std::size_t end = line.find(" in goroutine ");
    goroutine.created_by = function_name(line.substr(0, end));
    place_missing_ = false;
    return;
  }
  if (indented && place_missing_ && read_place(line, goroutine.frames.back())) {
    place_missing_ = false;
    return;
  }
  auto function = indented ? std::nullopt : read_function(line);
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

// A program that prints on behind its dump has not died of it.
void Parser::look_behind(std::string_view line) {
  if (!behind_crash_ || in_preamble_) {
    return;
  }
  if (tells_end(line)) {
    output_.crashes.back().ended = line;
    behind_crash_ = false;
  } else if (ends_package(line) || is_of_testing(line)) {
    output_.crashes.back().last =
        output_.crashes.back().last && ends_package(line);
    behind_crash_ = false;
  } else if (!is_of_dump(line)) {
    output_.crashes.back().last = false;
  }
}

// Two threads may crash at once: the one dump is of both. A crash that another
// one follows was else not the end.
void Parser::close_crash() {
  if (output_.crashes.empty()) {
    return;
  }
  GoCrash& crash = output_.crashes.back();
  crash.end = output_.goroutines.size();
  bool dumped = crash.first < crash.end;
  crash.last = crash.last && (!behind_crash_ || !dumped);
  const Goroutine* first = dumped ? &output_.goroutines[crash.first] : nullptr;
  crash.by_program = first != nullptr && !first->frames.empty() &&
                     (prints_stacks(first->frames.front().function) ||
                      tells_too_few(crash, first->frames) ||
                      is_of_a_quiet_test(crash, *first));
  behind_crash_ = false;
}

GoOutput Parser::finish() {
  end_goroutine();
  behind_crash_ = false;
  close_crash();
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
