#pragma once

#include <string>

#include "harness/model/plan.h"

namespace faultrig {

// The plan of the golden run: the same, but for the faults and what is expected
// of them. The same calls wait for an answer and are let run; what is refused
// with the faults is refused without them.
Plan without_faults(const Plan& plan);

// Two plans with the same key have the same golden run.
std::string golden_key(const Plan& plan);

}  // namespace faultrig
