#pragma once

#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Why this run proves nothing, whatever was expected of it: the workload
// misbehaves without faults, its time was over while go compiled, or a fault
// did not come. Empty: it does prove something.
std::vector<Finding> unsound(const Scenario& scenario,
                             const Evidence& evidence);

}  // namespace faultrig
