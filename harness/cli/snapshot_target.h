#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/campaign/compared_runs.h"
#include "harness/cli/arguments.h"

namespace faultrig {

// What `record` and `compare` run: a scenario, the tests of a Go package, or a
// command.
struct SnapshotTarget {
  std::vector<std::string> what;  // at most one: a scenario or a package
  std::string run;
  std::vector<std::string> flags;
  std::vector<std::string> command;

  // --run, --flag and what stands behind the dashes.
  void declare(Arguments& arguments);
  // What is wrong with them together; empty: nothing.
  std::string wrong() const;
  // As people wrote it: `./shop -run TestPay`.
  std::string text() const;
  // It is looked for below `here`. An error where it is not there, or is wrong.
  Result<ComparedYaml> yaml(const std::filesystem::path& here) const;
};

}  // namespace faultrig
