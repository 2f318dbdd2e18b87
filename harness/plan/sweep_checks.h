#pragma once

#include <vector>

#include "harness/plan/planner.h"

namespace faultrig {

// What is asked of a sweep that this scenario does not have, or has not so.
std::vector<PlanTrouble> sweep_troubles(const Scenario& scenario);

// What this machine must have for the runs of its sweep (Launch::needs).
std::vector<const char*> needs_of_sweep(const Scenario& scenario);

}  // namespace faultrig
