#include "harness/judge/test_words.h"

#include <algorithm>

#include "harness/base/last_word.h"
#include "harness/judge/benchmark_name.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostNames = 100;
constexpr std::size_t kLongestName = 500;

bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

// `TestA (0.00s)`.
std::string_view name_in(std::string_view rest) {
  return rest.substr(0, std::min(rest.rfind(" ("), kLongestName));
}

bool is_flag(std::string_view word, std::string_view name) {
  return (consume(word, "--test.") || consume(word, "-test.")) &&
         consume(word, name) && (word.empty() || word.front() == '=');
}

}  // namespace

void TestWords::take(std::string_view line) {
  std::string_view said =
      verdict_word(marked_ ? line : behind_benchmark_name(line), marked_);
  nothing_to_run_ =
      nothing_to_run_ || line == "testing: warning: no tests to run";
  std::size_t mark = line.rfind('\x16');
  if (mark != std::string_view::npos) {
    line.remove_prefix(mark + 1);
  } else if (marked_) {
    return;
  }
  line = behind_benchmark_name(line);
  if (!said.empty()) {
    last_ = said;
  } else if (consume(line, "=== RUN   ")) {
    ran_ += line.find('/') == std::string_view::npos ? 1 : 0;
  } else if (consume(line, "--- FAIL: ")) {
    ++failed_;
    if (names_.size() < kMostNames) {
      names_.emplace_back(name_in(line));
    }
  }
}

bool will_say_a_word(const std::vector<std::string>& argv) {
  bool is_test = false;
  for (std::size_t i = 1; i < argv.size(); ++i) {
    const std::string& word = argv[i];
    if (is_flag(word, "list") || is_flag(word, "fuzzworker")) {
      return false;
    }
    is_test =
        is_test || word.starts_with("-test.") || word.starts_with("--test.");
  }
  return is_test;
}

}  // namespace faultrig
