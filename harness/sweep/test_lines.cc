// What a test said of its failure stands, further in, below its name: that is
// how the testing package prints it, and nobody else's line is told so.
#include "harness/sweep/test_lines.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostFailing = 1000;
constexpr std::size_t kMostSaid = 500;

// A line, and the test below whose name it stands; empty: below none.
struct TestLine {
  std::string_view text;
  std::string_view test;
};

// The test that a line of the testing package is about: `TestPut/twice` of
// `    --- FAIL: TestPut/twice (0.00s)` and of `=== RUN   TestPut/twice`.
std::string_view test_named(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  for (std::string_view mark :
       {"--- FAIL: ", "=== RUN ", "=== NAME ", "=== CONT "}) {
    if (line.starts_with(mark)) {
      line.remove_prefix(mark.size());
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      return line.substr(0, line.find(" ("));
    }
  }
  return "";
}

bool is_fail_line(std::string_view line) {
  std::size_t text = line.find_first_not_of(' ');
  return text != line.npos && line.substr(text).starts_with("--- FAIL: ");
}

std::vector<TestLine> lines_by_test(const std::string& output) {
  std::vector<TestLine> out;
  std::string_view test;
  for (std::string_view line : lines_of(output)) {
    std::string_view named = test_named(line);
    if (!named.empty() || !line.starts_with(' ')) {
      test = named;
      out.push_back({line, ""});
    } else {
      out.push_back({line, test});
    }
  }
  return out;
}

bool says(std::string_view line, const ErrorNames& names, bool passed) {
  return !lines_that_say(std::string(line), names, passed).empty();
}

}  // namespace

std::vector<FailedTest> failing_tests(const std::string& output,
                                      const ErrorNames& names) {
  std::vector<FailedTest> failing;
  std::set<std::string_view> said;
  for (const TestLine& line : lines_by_test(output)) {
    if (!line.test.empty() && says(line.text, names, false)) {
      said.insert(line.test);
    }
    if (is_fail_line(line.text) && failing.size() < kMostFailing) {
      failing.push_back({std::string(test_named(line.text))});
    }
  }
  for (FailedTest& one : failing) {
    one.said = said.contains(one.name);
  }
  return failing;
}

void tell_lines(const std::string& output, const ErrorNames& names,
                SiteRun& run) {
  bool passed = run.end == SiteRun::End::passed && run.tests.failing.empty();
  for (const TestLine& line : lines_by_test(output)) {
    auto said = lines_that_say(std::string(line.text), names, passed);
    if (!said.empty() && run.said.size() < kMostSaid) {
      run.said.push_back(said.front());
      run.tests.said_in.emplace_back(line.test);
    }
  }
}

}  // namespace faultrig
