#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/model/service.h"
#include "harness/run/session.h"

namespace faultrig {

// A program that go has built.
struct GoProgram {
  std::string path;
  std::string not_built;  // why there is none: the first line of go's
};

// Compiles a package (`go build -o`), once a session, with this environment.
// That it does not compile, or not within this time, is the workload's trouble,
// and no error.
Result<GoProgram> build_program(Session& session, const GoBuild& build,
                                const std::vector<std::string>& env,
                                std::chrono::nanoseconds within);

}  // namespace faultrig
