// The form is that of TeamCity's documentation, "Service Messages": a value
// stands in quotes, and in it | escapes a quote, a bracket, itself, and ends of
// lines.
#include "harness/explain/teamcity_messages.h"

#include <utility>

#include <re2/re2.h>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::size_t kMostFailed = 10'000;

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    bool escape = text[at] == '|' && at + 1 < text.size();
    if (!escape) {
      out += text[at];
      continue;
    }
    char next = text[++at];
    out += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return out;
}

// Empty if there is no such value.
std::string value_of(const std::string& line, const char* key) {
  std::string value;
  RE2 pattern(std::string(" ") + key + R"(='((?:[^'|]|\|.)*)')");
  return RE2::PartialMatch(line, pattern, &value) ? unescaped(value) : "";
}

void add_lines(const std::string& text, std::vector<std::string>& out) {
  for (std::string_view line : lines_of(text)) {
    out.emplace_back(line);
  }
}

}  // namespace

std::vector<std::string> TeamcityMessages::end_of_suite(
    const std::string& name) {
  if (std::exchange(failed_, {}).empty()) {
    return {"PASS", "ok  \t" + name + "\t0.000s"};
  }
  return {"FAIL", "FAIL\t" + name + "\t0.000s"};
}

std::vector<std::string> TeamcityMessages::lines_of(std::string_view raw) {
  static const RE2 kMessage(R"(##teamcity\[(\w+)(?: .*)?\]\s*)");
  std::string line(raw);
  std::string what;
  std::vector<std::string> out;
  if (!is_message(raw) || !RE2::FullMatch(line, kMessage, &what)) {
    return out;
  }
  std::string name = value_of(line, "name");
  if (what == "testStarted") {
    out.push_back("=== RUN   " + name);
  } else if (what == "testStdOut" || what == "testStdErr") {
    out.push_back("=== NAME  " + name);
    add_lines(value_of(line, "out"), out);
  } else if (what == "testFailed") {
    out.push_back("=== NAME  " + name);
    add_lines(value_of(line, "message"), out);
    add_lines(value_of(line, "details"), out);
    out.push_back("--- FAIL: " + name + " (0.00s)");
    if (failed_.size() < kMostFailed) {
      failed_.insert(name);
    }
  } else if (what == "testIgnored") {
    out.push_back("--- SKIP: " + name + " (0.00s)");
  } else if (what == "testFinished" && !failed_.contains(name)) {
    out.push_back("--- PASS: " + name + " (0.00s)");
  } else if (what == "testSuiteFinished") {
    return end_of_suite(name);
  } else if (what == "message") {
    add_lines(value_of(line, "text"), out);
  }
  return out;
}

}  // namespace faultrig
