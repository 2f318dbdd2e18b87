#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/model/plan.h"
#include "harness/run/command.h"
#include "harness/run/session.h"

namespace faultrig {

// The environment of a workload: the user's, or the clean one, and its `env`.
// A clean environment keeps PATH, HOME and what go itself needs.
std::vector<std::string> workload_environment(
    const std::vector<std::string>& users, const Workload& workload);

// The go command of a workload.
struct GoCommand {
  std::string path;
  std::string version;  // `go1.26.8`
  int minor = 0;        // 26
  std::string goflags;  // from the environment, or go env -w
};

// Asks the go command once a session (`go env GOVERSION GOFLAGS`); no version
// where this environment keeps it from telling. Unsupported when it is not on
// PATH.
Result<GoCommand> find_go(Session& session, const GoTest& test,
                          const std::vector<std::string>& env);

// What a go that failed said first: `go build: a.go:3:1: ...`.
std::string trouble_of_go(const ToolCommand& command,
                          const CommandOutcome& outcome);

// What a go printed that ended well, or else its trouble, as a usage error on
// one line.
Result<std::string> output_of_go(Session& session, const ToolCommand& command);

// A fresh folder for what go builds; it ends with the session.
Result<std::filesystem::path> folder_to_build_in(Session& session);

// A test binary of mode binary, ready to run.
struct TestBinary {
  std::string path;
  std::string folder;             // where go would run it
  std::vector<std::string> args;  // as go would pass them
  std::string not_built;          // why there is none: the first line of go's
  bool late = false;              // because its time was over
};

// Compiles the package of a workload (`go test -c`), once a session. That it
// does not compile, or not in time, is the workload's trouble, and no error.
Result<TestBinary> build_test(Session& session, const Plan& plan,
                              const GoCommand& go,
                              const std::vector<std::string>& env);

// The command line that starts the binary, through `exec`, from what the plan
// has around it instead of go test; the end of that process is what the wrapper
// makes of the binary's. `main_file`: a Go program for go run, which starts the
// binary in its place.
std::vector<std::string> wrapper_line(const Plan& plan, const GoCommand& go,
                                      const TestBinary& binary,
                                      std::vector<std::string> exec,
                                      const std::string& main_file);

}  // namespace faultrig
