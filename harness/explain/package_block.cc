// The testing package writes its words at the start of a line, and so may a
// test. What tells them apart is what comes after: a process that still
// announces tests has not crashed, and a test that has never begun cannot have
// failed.
#include "harness/explain/package_block.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include <re2/re2.h>

#include "harness/explain/crash_text.h"

namespace faultrig {

namespace {

constexpr std::size_t kHead = 200;
constexpr std::size_t kTail = 400;
constexpr std::size_t kLast = 200;
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

// go's word for how the process ended: `255`, `SIGKILL`, or `unknown`.
std::string end_in(const std::string& line) {
  static const RE2 kExit(R"(exit status (\d{1,3}))");
  static const RE2 kStatus(R"(exit status (-?\d{4,10}|0x[0-9a-f]{8}))");
  static const RE2 kSignal(
      R"(signal: ([a-zA-Z/ ()0-9]+?)(?: \(core dumped\))?)");
  std::string word;
  if (RE2::FullMatch(line, kExit, &word) ||
      RE2::FullMatch(line, kStatus, &word)) {
    return word;
  }
  return RE2::FullMatch(line, kSignal, &word)
             ? signal_of_go(word).value_or("unknown")
             : "unknown";
}

bool is_indented(std::string_view line) {
  return line.starts_with(' ') || line.starts_with('\t');
}

// To each line of a test that failed, the line with which its message begins:
// what is indented further goes on with it.
void tell_messages(std::vector<LogLine>& failing) {
  static const RE2 kMessage(R"(^ {4,}\S+\.go:\d+: )");
  std::int64_t message = 0;
  std::size_t depth = 0;
  std::int64_t before = 0;
  for (LogLine& line : failing) {
    std::size_t indent = line.text.size() - without_indent(line.text).size();
    // Where numbers are missing stand words of testing: another test's, or what
    // the message quotes.
    bool apart = line.number > before + 1;
    bool begins = RE2::PartialMatch(line.text, kMessage);
    bool goes_on = message != 0 && (indent > depth || line.text.empty()) &&
                   !(apart && begins);
    if (!goes_on) {
      message = begins ? line.number : 0;
      depth = indent;
    }
    line.message = message;
    before = line.number;
  }
}

}  // namespace

std::optional<ResultLine> result_line(std::string_view line) {
  // With blanks for tabs, as terminals and browsers copy it, the rest tells.
  static const RE2 kResult(
      R"(^(ok  |FAIL|\?   )\t([^\s\[]\S*)(?:[ \t]+(.*))?$)");
  static const RE2 kCopied(R"(^(ok|FAIL|\?)[ \t]{2,}([^\s\[]\S*)[ \t]+)"
                           R"((\d+\.\d+s\b.*|\(cached\).*|\[.*|\(failed.*))");
  static const RE2 kJoined(R"(^(ok|FAIL) ([^\s\[]+/\S*) (\d+\.\d{3}s))");
  static const RE2 kRefused(
      R"(^(FAIL) ([^\s\[]\S*) (\[(?:build|setup) failed\])$)");
  std::string word;
  ResultLine out;
  std::string rest;
  bool may_be = line.starts_with("ok ") || line.starts_with("FAIL") ||
                line.starts_with('?');
  re2::StringPiece text(line.data(), line.size());
  if (!may_be ||
      (!RE2::FullMatch(text, kResult, &word, &out.package, &rest) &&
       !RE2::FullMatch(text, kCopied, &word, &out.package, &rest) &&
       !RE2::FullMatch(text, kJoined, &word, &out.package, &rest) &&
       !RE2::FullMatch(text, kRefused, &word, &out.package, &rest))) {
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
    last_word_ = line.number;
    return;
  }
  // Only what is indented belongs to the end above it.
  if (behind_end_ && !line.text.empty() && !is_indented(line.text)) {
    current_.clear();
    behind_end_ = false;
  }
  print(line, current_);
}

// Whoever says this lives: what looked like a crash before was none.
void PackageBlock::alive() {
  crash_.clear();
  last_.clear();
}

bool PackageBlock::take_word(std::string_view text) {
  if (text == "PASS" || text == "FAIL") {
    finished_ = text;
    current_.clear();
    alive();
    return true;
  }
  auto word = test_word(text);
  if (!word) {
    return false;
  }
  alive();
  behind_end_ = !text.starts_with("=== ");
  current_ = word->action == "PAUSE" ? "" : std::string(word->name);
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
    ++running_;
    announces_ = announces_ || runs;
  }
  if (word->action == "PASS") {
    set(test->second, State::passed);
  } else if (word->action == "FAIL") {
    set(test->second, State::failed);
  } else if (word->action == "SKIP") {
    set(test->second, State::skipped);
  }
  finished_ = "none";
  return true;
}

void PackageBlock::print(const LogLine& line, const std::string& test) {
  if (head_.size() < kHead) {
    head_.push_back({line, test});
  } else {
    tail_.push_back({line, test});
    if (tail_.size() > kTail) {
      tail_.pop_front();
    }
  }
  last_.push_back(line);
  if (last_.size() > kLast) {
    last_.pop_front();
  }
  // A witness speaks behind the end: the process has not gone on.
  if ((!crash_.empty() || is_crash_headline(line.text)) &&
      crash_.size() < kCrash &&
      speaker_by_form(line.text) != Speaker::witness) {
    crash_.push_back(line);
  }
}

void PackageBlock::set(State& state, State now) {
  running_ -= state == State::running ? 1 : 0;
  running_ += now == State::running ? 1 : 0;
  state = now;
}

bool PackageBlock::is_running() const { return running_ > 0; }

bool PackageBlock::waits_for(std::string_view line) const {
  auto word = line.starts_with("--- ") ? test_word(line) : std::nullopt;
  if (!word) {
    return false;
  }
  auto test = tests_.find(word->name);
  return test != tests_.end() && test->second == State::running;
}

void PackageBlock::absorb(const PackageBlock& later) {
  for (const Printed& one : later.head_) {
    print(one.line, one.test);
  }
  for (const Printed& one : later.tail_) {
    print(one.line, one.test);
  }
  for (const auto& [name, state] : later.tests_) {
    set(tests_.try_emplace(name, State::passed).first->second, state);
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
  if (!tests_.empty()) {
    seen.begun = announces_ || sealed_ ? Begun::announced : Begun::told_later;
  }
}

// A benchmark is streamed, as is a package that was not named.
void PackageBlock::tell_end(const std::string& verdict, Seen& seen) const {
  auto is_empty = [](const LogLine& line) { return line.text.empty(); };
  auto words = std::count_if(last_.begin(), last_.end(), std::not_fn(is_empty));
  auto last = std::find_if_not(last_.rbegin(), last_.rend(), is_empty);
  if (last == last_.rend()) {
    return;
  }
  seen.test = end_in(last->text);
  bool silent = (head_.size() == 1 && tests_.empty()) || finished_ != "none";
  bool number = seen.test != "unknown" && !seen.test.starts_with("SIG");
  seen.hearsay = number && (words > 1 || !silent);
  bool streamed = !listed_ || (!head_.empty() &&
                               head_.front().line.text.starts_with("goos: "));
  if (verdict != "none" && seen.hearsay && !streamed) {
    seen.test = "unknown";
    seen.hearsay = false;
  }
}

bool PackageBlock::is_failing(std::string_view test) const {
  auto found = tests_.find(test);
  return found != tests_.end() &&
         (found->second == State::failed || found->second == State::running);
}

// `    store_test.go:12: ...` begins what t.Log and t.Error say; the line of
// the last of these, of each test that failed.
std::map<std::string_view, std::int64_t> PackageBlock::last_messages() const {
  static const RE2 kMessage(R"(^ {4,}\S+\.go:\d+: )");
  std::map<std::string_view, std::int64_t> last;
  auto note = [&](const Printed& one) {
    if (is_failing(one.test) && RE2::PartialMatch(one.line.text, kMessage)) {
      last[one.test] = one.line.number;
    }
  };
  std::for_each(head_.begin(), head_.end(), note);
  std::for_each(tail_.begin(), tail_.end(), note);
  return last;
}

void PackageBlock::tell_lines(const std::string& verdict, Seen& seen) const {
  auto last = last_messages();
  auto add = [&](const Printed& one) {
    seen.printed.push_back(one.line);
    if (is_failing(one.test)) {
      auto message = last.find(one.test);
      seen.failing.push_back(one.line);
      seen.failing.back().aside =
          message != last.end() && one.line.number < message->second;
    }
  };
  std::for_each(head_.begin(), head_.end(), add);
  std::for_each(tail_.begin(), tail_.end(), add);
  tell_messages(seen.failing);
  if (sealed_ || verdict == "ok" || verdict == "no_test_files") {
    return;
  }
  for (LogLine& line : seen.printed) {
    line.speaker = speaker_by_form(line.text);
    if (line.speaker != Speaker::unknown) {
      seen.around.push_back(line);
    }
  }
}

Seen PackageBlock::seen(const std::string& verdict) const {
  Seen out;
  out.finished = finished_;
  out.last_word = last_word_;
  tell_tests(out);
  tell_end(verdict, out);
  tell_lines(verdict, out);
  CrashText crash = crash_in(crash_, out.test);
  out.crash = std::move(crash.words);
  out.frames = std::move(crash.frames);
  out.owner = crash.owner;
  out.crash_sure = crash.sure;
  out.ending.assign(last_.begin(), last_.end());
  std::int64_t crash_from = out.crash.empty() ? 0 : out.crash.front().number;
  bool all = verdict == "none" && !sealed_;
  for (auto line = last_.rbegin(); line != last_.rend(); ++line) {
    bool dump = crash_from != 0 && line->number >= crash_from &&
                !line->text.starts_with("*** ");
    bool gos = all ? !is_indented(line->text) : is_closing_word(line->text);
    if (!all && !gos && !line->text.empty()) {
      break;
    }
    if (!line->text.empty() && gos && !dump) {
      out.said.insert(out.said.begin(), *line);
      out.said.front().speaker = Speaker::go;
    }
  }
  return out;
}

}  // namespace faultrig
