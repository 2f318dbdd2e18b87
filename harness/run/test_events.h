#pragma once

#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/run/go_tool.h"

namespace faultrig {

// What `go tool test2json` makes of a test binary's verbose output: one
// test_event a run, pass, fail or skip of a named test. Of output that is
// test2json's already (`json`), what it says. Unknown actions and keys are
// ignored. Where a test has printed what only testing says, so that the events
// cannot all be true, a not_known with the action `tests` follows.
struct TestOutput {
  const std::string& text;
  bool json = false;
};
Result<std::vector<Observation>> read_test_events(
    Session& session, const GoCommand& go, const std::vector<std::string>& env,
    const std::filesystem::path& folder, const TestOutput& output);

// The same, of the JSON lines of test2json; lines that are not JSON objects are
// passed over.
std::vector<Observation> parse_test_events(const std::string& json_lines);

// `output` without the ^V that -test.v=test2json puts before go's own lines.
std::string without_marks(std::string output);

}  // namespace faultrig
