#pragma once

#include <vector>

#include "harness/model/scenario.h"
#include "harness/plan/planner.h"

namespace faultrig {

// Expectations of which each reads well, and that no run meets together: an
// exit code beside a signal, a count of 1 beside one of 2; and those that this
// scenario's own deadline or faults rule out. Each with its place. Pure.
std::vector<PlanTrouble> contradictions_in(const Scenario& scenario);

}  // namespace faultrig
