#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/model/verdict.h"

namespace faultrig {

// One test case of JUnit XML, in the subset that Jenkins' schema, GitLab and
// GitHub's readers share. A failure is an expectation that was not met, an
// error all else that is no pass.
struct JunitCase {
  enum class Outcome { passed, failed, error, skipped };
  std::string classname;
  std::string name;
  std::chrono::nanoseconds time{0};
  Outcome outcome = Outcome::passed;
  std::string message;  // one line; for all but passed
  std::string text;     // the rest of it
  std::string out;      // what it printed, as much as is worth reading
  std::string err;      // the same of its stderr, if that is known apart
  std::string file;     // of the source, with its line
  int line = 0;         // 0: not known
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
  std::vector<std::pair<std::string, std::string>> properties;
  std::string timestamp;  // RFC 3339 in UTC; empty: not known
  std::string hostname;
};

// A whole report.
std::string junit_text(const std::vector<JunitSuite>& suites);

// The verdicts of `run` and `judge` as one suite, a case each: the folder of a
// scenario is its class. Inconclusive is an error: it proves nothing. No two
// cases have the same class and name: GitLab shows only the first of them.
JunitSuite suite_of(std::span<const Judgement> judgements);

// `old`, a report of the same `run`, with one suite more; a new report where
// `old` is of another run, or of another writer, or empty.
std::string with_suite(std::string_view old, const std::string& run,
                       const JunitSuite& suite);

}  // namespace faultrig
