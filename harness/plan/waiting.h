#pragma once

#include <vector>

#include "harness/model/scenario.h"
#include "harness/plan/planner.h"

namespace faultrig {

// What waits for what can never come: faults that wait for each other; and what
// is asked of requests or of a drain that no run meets, or that asks nothing.
// Each with its place. Pure.
std::vector<PlanTrouble> waits_in_vain(const Scenario& scenario);

}  // namespace faultrig
