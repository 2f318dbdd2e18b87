#pragma once

#include <vector>

#include "harness/plan/planner.h"

namespace faultrig {

// What contradicts itself in faults of the network: a service whose network is
// not as its fault wants it.
std::vector<PlanTrouble> network_troubles(const Plan& plan);

// What this machine must have besides what the faults asked for: to enter a
// network that somebody else has made.
std::vector<const char*> needs_of_networks(const Plan& plan);

}  // namespace faultrig
