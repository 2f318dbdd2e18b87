#pragma once

#include <vector>

#include "harness/plan/planner.h"

namespace faultrig {

// What is wrong with what is asked of the time behind a fault.
std::vector<PlanTrouble> recovery_troubles(const Scenario& scenario);

// What a run has to look for then.
std::vector<Recovery> recoveries_asked(const Scenario& scenario);

}  // namespace faultrig
