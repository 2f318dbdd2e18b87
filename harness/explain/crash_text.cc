#include "harness/explain/crash_text.h"

#include <algorithm>

#include <re2/re2.h>

#include "harness/judge/dump_line.h"
#include "harness/judge/go_output.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostWords = 30;
constexpr std::size_t kLinesBefore = 8;
constexpr std::string_view kPanicIs = "panic";

// What ends the process, as opposed to what leads up to it.
bool is_strong_headline(std::string_view line) {
  static const RE2 kSignal(R"(^SIG[A-Z0-9]+: )");
  return line.starts_with("panic: ") || line.starts_with("fatal error: ") ||
         (line.starts_with("SIG") &&
          RE2::PartialMatch(re2::StringPiece(line.data(), line.size()),
                            kSignal));
}

bool is_stack(const std::string& line) {
  static const RE2 kStack(R"(^(goroutine \d+ .*\[|runtime stack:))");
  return RE2::PartialMatch(line, kStack);
}

// A test binary's main is made by go; another program's is not. What is inside
// of the compiler and its kin has its name.
std::string owner_of(const Frame& frame) {
  static const RE2 kTool(R"(^cmd/(compile|link|asm|cgo|vet|go|internal)\b)");
  std::string_view name = frame.function;
  if (RE2::PartialMatch(frame.function, kTool)) {
    return "tool";
  }
  if (name.starts_with("testing.") || frame.file.ends_with("_test.go") ||
      frame.file.ends_with("_testmain.go")) {
    return "test";
  }
  return name.starts_with("main.") ? "child" : "unknown";
}

// The first that tells; the compiler's frames above all.
std::string owner_of(const GoOutput& parsed) {
  std::string owner = "unknown";
  for (const Goroutine& goroutine : parsed.goroutines) {
    std::vector<Frame> frames = goroutine.frames;
    frames.push_back({goroutine.created_by, "", 0});
    for (const Frame& frame : frames) {
      std::string its = owner_of(frame);
      if (its == "tool" || its == "test") {
        return its;
      }
      owner = its == "unknown" ? owner : its;
    }
  }
  return owner;
}

// Below a panic that nobody recovers there is no call of panic on the stack;
// above one that testing passes on stand its own frames. Who prints the stack
// in a deferred function stands above panic himself.
bool shows_own_stack(const CrashText& crash) {
  auto again = [](const LogLine& line) {
    return line.text.starts_with("\tpanic: ") ||
           line.text.ends_with("[recovered]") ||
           line.text.ends_with("[recovered, repanicked]");
  };
  auto called = std::find(crash.frames.begin(), crash.frames.end(), kPanicIs);
  return called != crash.frames.end() && called != crash.frames.begin() &&
         !crash.frames.front().starts_with("testing.") &&
         std::none_of(crash.words.begin(), crash.words.end(), again);
}

// Is a line missing from the goroutine whose header stands at `from`? Below
// each function stands its place.
bool has_hole(const std::vector<LogLine>& lines, std::size_t from) {
  static const RE2 kElided(R"(\.\.\.(additional|\d+) frames elided\.\.\.)");
  bool place_next = false;
  for (std::size_t i = from + 1; i < lines.size(); ++i) {
    std::string_view line = lines[i].text;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    Frame frame;
    bool place = read_place(line, frame);
    bool function = line.starts_with("created by ") || read_function(line);
    if (place != place_next || (!place && !function)) {
      bool ended = line.empty() || tells_end(line) || read_header(line) ||
                   RE2::FullMatch(lines[i].text, kElided);
      return place_next || !ended;
    }
    place_next = function;
  }
  return place_next;
}

// The lines of the crash. A panic of several lines may hold a stack, too: that
// one is none of its own.
std::string text_of(const std::vector<LogLine>& lines, std::size_t from,
                    std::size_t stack) {
  std::string text;
  for (std::size_t i = from; i < lines.size(); ++i) {
    std::string_view line = lines[i].text;
    bool quoted = i < stack && line.starts_with('\t') &&
                  read_header(line.substr(1)).has_value();
    text += quoted ? "" : lines[i].text + "\n";
  }
  return text;
}

// False if the program printed this stack itself.
bool add_frames(const std::string& text, CrashText& out) {
  GoOutput parsed = parse_go_output(text);
  out.owner = owner_of(parsed);
  if (!parsed.goroutines.empty()) {
    for (const Frame& frame : parsed.goroutines.front().frames) {
      out.frames.push_back(frame.function);
    }
    const std::string& maker = parsed.goroutines.front().created_by;
    if (!maker.empty()) {
      out.frames.push_back("created by " + maker);
    }
  }
  if (parsed.crashes.empty()) {
    return true;
  }
  const GoCrash& crash = parsed.crashes.front();
  out.sure = std::max(out.sure, crash.last ? Sure::certain : Sure::likely);
  return !crash.by_program;
}

// Where the words of the runtime begin that lead up to this line.
std::size_t first_word(const std::vector<LogLine>& lines, std::size_t strong) {
  std::size_t from = strong;
  while (from > 0 && strong - from < kLinesBefore &&
         is_crash_headline(lines[from - 1].text) &&
         !is_strong_headline(lines[from - 1].text)) {
    --from;
  }
  return from;
}

}  // namespace

bool is_crash_headline(std::string_view line) {
  static constexpr std::string_view kWeak[] = {
      "runtime: ",         "runtime/cgo: ", "unexpected fault address",
      "[signal SIG",       "free(): ",      "malloc",
      "double free",       "*** stack ",    "*** buffer ",
      "terminate called ", "corrupted ",    "munmap_chunk",
  };
  if (line.empty()) {
    return false;
  }
  bool weak = std::any_of(
      std::begin(kWeak), std::end(kWeak),
      [&](std::string_view start) { return line.starts_with(start); });
  return weak || is_strong_headline(line);
}

// A program that the test had started may end as it likes.
bool fits_crash(const std::string& test, const std::string& owner) {
  return test == "unknown" || test == "2" || test == "SIGABRT" || test == "4" ||
         test == "5" || (owner == "child" && test == "1");
}

CrashText crash_in(const std::vector<LogLine>& lines, const std::string& test) {
  CrashText out;
  if (lines.empty()) {
    return out;
  }
  std::size_t stack = lines.size();
  std::size_t strong = lines.size();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    bool first_stack = stack == lines.size() && is_stack(lines[i].text);
    if (is_strong_headline(lines[i].text) && stack == lines.size()) {
      strong = i;
    }
    stack = first_stack && strong < lines.size() ? i : stack;
  }
  bool without_stack = stack == lines.size();
  if (strong == lines.size() || (without_stack && test == "unknown")) {
    return out;
  }
  std::size_t from = first_word(lines, strong);
  // A panic of several lines (before Go 1.23 they are not indented) may hold
  // the words of another crash.
  bool two = from > 0 && (is_strong_headline(lines[from - 1].text) ||
                          lines[from - 1].text.starts_with("\tpanic: "));
  // Without a stack anything may have printed the words.
  out.sure = two             ? Sure::possible
             : without_stack ? Sure::likely
                             : Sure::certain;
  std::size_t to = std::min(stack, from + kMostWords);
  for (std::size_t i = from; i < to; ++i) {
    if (!lines[i].text.empty()) {
      out.words.push_back(lines[i]);
    }
  }
  bool by_runtime = add_frames(text_of(lines, from, stack), out);
  if (!without_stack && has_hole(lines, stack)) {
    out.sure = std::max(out.sure, Sure::likely);
  }
  return fits_crash(test, out.owner) && by_runtime && !shows_own_stack(out)
             ? out
             : CrashText{};
}

}  // namespace faultrig
