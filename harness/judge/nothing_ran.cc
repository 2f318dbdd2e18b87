// A `run` with a typo selects no test, and go test says ok. The testing package
// warns of it, and go adds `[no tests to run]` to the line of the package; both
// keep silent where benchmarks or fuzz targets were asked for.
#include "harness/judge/nothing_ran.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace faultrig {

namespace {

constexpr std::string_view kNone = "no tests to run";

// With -json, the line is within another.
bool is_warning(std::string_view line) {
  return line.find("[no tests to run]") != std::string_view::npos ||
         line.find("testing: warning: no tests to run") !=
             std::string_view::npos;
}

// Of a test, or of a package that had some.
bool is_of_a_test(std::string_view line) {
  static constexpr std::array<std::string_view, 6> kStarts{
      "=== RUN", "--- PASS", "--- FAIL", "--- SKIP", "FAIL", "ok  \t"};
  bool event =
      line.starts_with('{') && line.find("\"Test\":") != std::string_view::npos;
  return event ||
         (!is_warning(line) && std::any_of(kStarts.begin(), kStarts.end(),
                                           [&](std::string_view start) {
                                             return line.starts_with(start);
                                           }));
}

bool mentions_it(const Expectation& expected) {
  for (const char* key : {"contains", "matches"}) {
    const auto* text = expected.params.find<std::string>(key);
    if (text != nullptr && text->find(kNone) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool nothing_ran(const Scenario& scenario, const Evidence& evidence) {
  const ExitChain& chain = evidence.exits();
  bool well = !chain.empty() &&
              std::all_of(chain.begin(), chain.end(), [](const LinkEnd& end) {
                return end.status && end.status->clean();
              });
  if (!scenario.workload.go_test || !well ||
      std::any_of(scenario.expect.begin(), scenario.expect.end(),
                  mentions_it)) {
    return false;
  }
  bool warned = false;
  for (const std::string* text : {&evidence.out(), &evidence.err()}) {
    for (std::string_view line : lines_of(*text)) {
      warned = warned || is_warning(line);
      if (is_of_a_test(line)) {
        return false;
      }
    }
  }
  return warned;
}

}  // namespace faultrig
