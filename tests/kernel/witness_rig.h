#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/wait_status.h"
#include "harness/os/scratch.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

// What a program printed and how it ended.
struct Outcome {
  WaitStatus status{0};
  std::string out;
  std::string err;
};

// A program under way, with its output in two pipes.
class Program {
 public:
  // `before` runs in the child, last before its exec.
  Program(const std::vector<std::string>& argv,
          const std::filesystem::path& cwd,
          const std::function<void()>& before = {});

  int pid() const { return pid_; }
  // Reads its stdout until this text has come; gives all that has.
  std::string await(const std::string& text);
  // Waits for its end; then reads until nobody holds the pipes.
  Outcome end();

 private:
  int pid_ = 0;
  PipeEnds out_;
  PipeEnds err_;
  std::string seen_;
};

// A folder of its own, and `faultrig witness`.
class WitnessRig {
 public:
  WitnessRig();

  const std::filesystem::path& folder() const { return folder_.path(); }
  // `faultrig witness OPTIONS --out .../out -- PROGRAM`.
  std::vector<std::string> witness(
      const std::vector<std::string>& program,
      const std::vector<std::string>& options = {}) const;
  Outcome run(const std::vector<std::string>& program,
              const std::vector<std::string>& options = {}) const;
  // `go test -exec 'faultrig witness OPTIONS --out .../out --' FLAGS`, in
  // go_fixtures.
  std::vector<std::string> go_test(
      const std::vector<std::string>& flags,
      const std::vector<std::string>& options = {}) const;

  // What was kept of the program called `name`.
  Evidence record(const std::string& name) const;
  std::filesystem::path out() const { return folder() / "out"; }

 private:
  TempDir folder_;
};

std::string faultrig_program();
std::filesystem::path fixtures_folder();
// The `workload` of a scenario: the tests of a package of go_fixtures whose
// name this pattern fits as a whole; `more` stands behind it, as `, count: 2`.
std::string go_test_of(const std::string& package, const std::string& test,
                       const std::string& more = "");

// The first observation of this fact; one of nothing where there is none.
Observation first_of(const Evidence& evidence, Fact fact);

// Cgroups of witnesses that are there now, at all places.
std::vector<std::string> witness_groups();

}  // namespace faultrig
