#pragma once

#include <vector>

#include "harness/plan/planner.h"

namespace faultrig {

// What is asked of a service that this workload does not have, or has not so.
std::vector<PlanTrouble> service_troubles(const Scenario& scenario);

// What is to be watched because an expectation asks for it.
ServiceWatch watch_for(const Scenario& scenario);

}  // namespace faultrig
