#pragma once

#include <vector>

#include "harness/model/plan.h"

namespace faultrig {

// The rules by which the calls are seen that a trigger waits for, for no fault
// yet. A call that stands beside other parts, or that releases, counts only
// when they have come, and its fault has: its rule is not active from the
// start.
std::vector<CallRule> trigger_rules(const Trigger& when);
std::vector<CallRule> release_rules(const Trigger& until);

}  // namespace faultrig
