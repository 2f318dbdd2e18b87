#pragma once

#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"
#include "harness/model/verdict.h"

namespace faultrig {

// What keeps a run from saying anything about the time behind its faults: one
// that was released before it took effect, or not at all although the workload
// was well.
std::vector<Finding> unsound_releases(const Scenario& scenario,
                                      const Evidence& evidence);

}  // namespace faultrig
