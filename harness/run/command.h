#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/wait_status.h"
#include "harness/os/find_program.h"
#include "harness/run/session.h"

namespace faultrig {

// A tool of ours or of Go's that helps a run and is not part of it.
struct ToolCommand {
  std::vector<std::string> argv;  // argv[0] a path
  std::vector<std::string> env;
  std::filesystem::path cwd;
  std::filesystem::path input;  // empty: /dev/null
  std::chrono::nanoseconds deadline = std::chrono::minutes(5);
};

struct CommandOutcome {
  WaitStatus status;
  std::string out;
  std::string err;
};

// Runs it to its end in a group of its own; kills it, and all it started, at
// the deadline (an error with ETIMEDOUT) or when the session is stopped (an
// error).
Result<CommandOutcome> run_tool(Session& session, const ToolCommand& command);

}  // namespace faultrig
