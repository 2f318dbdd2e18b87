// The testing package writes its words at the start of a line, and so may a
// test. What tells them apart is what comes after: a process that still
// announces tests has not crashed, and a test that has never begun cannot have
// failed.
#include "harness/explain/package_block.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/crash_text.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 200;
constexpr std::size_t kTail = 400;
constexpr std::size_t kLast = 60;
constexpr std::size_t kCrash = 2000;
constexpr std::size_t kTests = 50'000;

struct TestWord {
  std::string_view action;  // RUN, PASS, FAIL, SKIP, other
  std::string_view name;
};

std::string_view without_indent(std::string_view line) {
  std::size_t start = line.find_first_not_of(' ');
  return start == std::string_view::npos ? "" : line.substr(start);
}

// `=== RUN   TestX`, `--- FAIL: TestX (0.00s)`, the latter indented by fours
// for subtests.
std::optional<TestWord> test_word(std::string_view line) {
  if (line.starts_with("=== ")) {
    std::string_view rest = line.substr(4);
    std::string_view action = rest.substr(0, rest.find(' '));
    std::string_view name = without_indent(rest.substr(action.size()));
    return TestWord{action, name.substr(0, name.find(' '))};
  }
  std::string_view text = without_indent(line);
  std::size_t colon = text.find(": ");
  if ((line.size() - text.size()) % 4 != 0 || !text.starts_with("--- ") ||
      colon == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view name = text.substr(colon + 2);
  return TestWord{text.substr(4, colon - 4), name.substr(0, name.find(' '))};
}

// `BenchmarkX` of `BenchmarkX-2`: so it is announced, and so it ends.
std::string_view announced_name(std::string_view name) {
  std::size_t procs = name.find_last_not_of("0123456789");
  bool counted = name.starts_with("Benchmark") && procs != name.npos &&
                 procs + 1 < name.size() && name[procs] == '-';
  return counted ? name.substr(0, procs) : name;
}

std::string from_last_lines(const std::deque<LogLine>& last) {
  static const RE2 kExit(R"(exit status (\d{1,3})$)");
  static const RE2 kSignal(
      R"(signal: ([a-zA-Z/ ()0-9]+?)(?: \(core dumped\))?$)");
  std::size_t looked_at = 0;
  for (auto line = last.rbegin(); line != last.rend() && looked_at < 3;
       ++line) {
    std::string word;
    if (RE2::PartialMatch(line->text, kExit, &word)) {
      return word;
    }
    if (RE2::PartialMatch(line->text, kSignal, &word)) {
      return signal_of_go(word).value_or("unknown");
    }
    looked_at += line->text.empty() ? 0 : 1;
  }
  return "unknown";
}

}  // namespace

std::optional<ResultLine> result_line(std::string_view line) {
  static const RE2 kResult(
      R"(^(ok  |FAIL|\?   )\t([^\s\[]\S*)(?:[ \t]+(.*))?$)");
  std::string word;
  ResultLine out;
  std::string rest;
  if (!RE2::FullMatch(re2::StringPiece(line.data(), line.size()), kResult,
                      &word, &out.package, &rest)) {
    return std::nullopt;
  }
  bool ok = word.front() == 'o';
  out.cached = rest.starts_with("(cached)");
  auto says = [&](const char* note) {
    return rest.find(note) != std::string::npos;
  };
  if (word.front() == '?') {
    out.verdict = "no_test_files";
  } else if (says("[build failed]")) {
    out.verdict = "build_failed";
  } else if (says("[setup failed]")) {
    out.verdict = "setup_failed";
  } else if (ok && says("[no tests to run]")) {
    out.verdict = "no_tests_to_run";
  } else {
    out.verdict = ok ? "ok" : "fail";
  }
  return out;
}

void PackageBlock::add(const LogLine& line) {
  empty_ = empty_ && line.text.empty();
  if (take_word(line.text)) {
    return;
  }
  print(line);
}

// Whoever says this lives: what looked like a crash before was none.
void PackageBlock::alive() {
  crash_.clear();
  last_.clear();
}

bool PackageBlock::take_word(std::string_view text) {
  if (text == "PASS" || text == "FAIL") {
    finished_ = text;
    alive();
    return true;
  }
  auto word = test_word(text);
  if (!word) {
    return false;
  }
  alive();
  auto test = tests_.find(word->name);
  if (test == tests_.end()) {
    test = tests_.find(announced_name(word->name));
  }
  if (test == tests_.end()) {
    bool runs = word->action == "RUN";
    bool ends = word->action == "FAIL" && !announces_;
    if (tests_.size() >= kTests || !(runs || ends)) {
      return true;
    }
    test = tests_.emplace(word->name, State::running).first;
    announces_ = announces_ || runs;
  }
  if (word->action == "PASS") {
    test->second = State::passed;
  } else if (word->action == "FAIL") {
    test->second = State::failed;
  } else if (word->action == "SKIP") {
    test->second = State::skipped;
  }
  finished_ = "none";
  return true;
}

void PackageBlock::print(const LogLine& line) {
  if (head_.size() < kHead) {
    head_.push_back(line);
  } else {
    tail_.push_back(line);
    if (tail_.size() > kTail) {
      tail_.pop_front();
    }
  }
  last_.push_back(line);
  if (last_.size() > kLast) {
    last_.pop_front();
  }
  if ((!crash_.empty() || is_crash_headline(line.text)) &&
      crash_.size() < kCrash) {
    crash_.push_back(line);
  }
}

bool PackageBlock::is_running() const {
  return std::any_of(tests_.begin(), tests_.end(), [](const auto& test) {
    return test.second == State::running;
  });
}

bool PackageBlock::waits_for(std::string_view line) const {
  auto word = test_word(line);
  if (!word || !line.starts_with("--- ")) {
    return false;
  }
  auto test = tests_.find(word->name);
  return test != tests_.end() && test->second == State::running;
}

void PackageBlock::absorb(const PackageBlock& later) {
  for (const auto* lines : {&later.head_}) {
    for (const LogLine& line : *lines) {
      print(line);
    }
  }
  for (const LogLine& line : later.tail_) {
    print(line);
  }
  for (const auto& [name, state] : later.tests_) {
    tests_[name] = state;
  }
  announces_ = announces_ || later.announces_;
}

void PackageBlock::tell_tests(Seen& seen) const {
  for (const auto& [name, state] : tests_) {
    if (state == State::failed) {
      seen.failed_tests.push_back(name);
    } else if (state == State::running) {
      seen.unfinished_tests.push_back(name);
    }
  }
  seen.started = !tests_.empty();
}

Seen PackageBlock::seen() const {
  Seen out;
  out.finished = finished_;
  tell_tests(out);
  out.test = from_last_lines(last_);
  out.printed = head_;
  out.printed.insert(out.printed.end(), tail_.begin(), tail_.end());
  CrashText crash = crash_in(crash_, out.test);
  out.crash = std::move(crash.words);
  out.frames = std::move(crash.frames);
  std::int64_t crash_from = out.crash.empty() ? 0 : out.crash.front().number;
  for (const LogLine& line : last_) {
    bool indented = line.text.starts_with(' ') || line.text.starts_with('\t');
    bool dump = crash_from != 0 && line.number >= crash_from &&
                !line.text.starts_with("*** ");
    if (!line.text.empty() && !indented && !dump) {
      out.said.push_back(line);
    }
  }
  return out;
}

}  // namespace faultrig
