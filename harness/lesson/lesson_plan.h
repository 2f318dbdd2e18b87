#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/os/scratch.h"
#include "harness/run/session.h"

namespace faultrig {

// The plan of a run or a check of a lesson, in an environment in which go is
// the one that the user has and asks nobody.
Result<Plan> lesson_plan(Scenario scenario);

// The same environment, NAME=value, for what is no plan.
std::vector<std::string> lesson_environment(
    const std::vector<std::string>& users);

// A folder for the files of a lesson; it ends with this object, and whatever
// becomes of us.
Result<TempDir> lesson_folder(Session& session);

}  // namespace faultrig
