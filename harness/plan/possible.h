#pragma once

#include <vector>

#include "harness/model/scenario.h"
#include "harness/plan/planner.h"

namespace faultrig {

// What reads well and can never be, or holds whatever happens: an exit code of
// 300, a descriptor of a call that has none, the third effect of a fault that
// has at most two, `contains: ''`. Each with its place. Pure.
std::vector<PlanTrouble> impossible_in(const Scenario& scenario);

}  // namespace faultrig
