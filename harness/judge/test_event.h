#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace faultrig {

// A line of `go test -json` (cmd/test2json). Unknown actions and keys are no
// trouble.
struct TestEvent {
  std::string action;
  std::string package;  // or ImportPath, for what the build says
  std::string test;     // empty: of the package
  std::string output;
  std::string failed_build;  // what did not build, if that is why it failed
};

// Nothing if the line is no such event. Takes any bytes.
std::optional<TestEvent> test_event(std::string_view line);

}  // namespace faultrig
