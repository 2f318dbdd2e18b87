#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/evidence.h"
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
  bool alone = false;  // of a binary that no go started: its end is not told
};
Result<std::vector<Observation>> read_test_events(
    Session& session, const GoCommand& go, const std::vector<std::string>& env,
    const std::filesystem::path& folder, const TestOutput& output);

// The same, of the JSON lines of test2json; lines that are not JSON objects are
// passed over.
std::vector<Observation> parse_test_events(const std::string& json_lines,
                                           bool alone = false);

// How testing's own lines can be told from what a test prints.
enum class TestLines {
  plain,   // not at all: Go before 1.20
  marked,  // they have a ^V before them, by -test.v=test2json
  json     // they have become events, by go test -json
};

// Does this line, of the stdout of go test or of a test binary, say that the
// test of this name begins?
bool tells_start(std::string_view line, TestLines lines, std::string_view test);
// The test that begins, by this line; nothing: none does.
std::optional<std::string> started_test(std::string_view line, TestLines lines);

// Adds what testing said last, of a binary that no go started: it has no
// witness to hear it. `marked`: marks_its_lines().
void tell_last_word(bool marked, Evidence::Parts& parts);

// `output` without the ^V that -test.v=test2json puts before go's own lines.
std::string without_marks(std::string output);

}  // namespace faultrig
