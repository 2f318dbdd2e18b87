#pragma once

#include <vector>

#include "harness/plan/planner.h"

namespace faultrig {

// What is asked of looks that this scenario does not have, or has not so.
std::vector<PlanTrouble> observe_troubles(const Scenario& scenario);

}  // namespace faultrig
