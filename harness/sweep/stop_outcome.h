#pragma once

#include "harness/model/evidence.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// How a service ended that the faults of its run have told to stop, once or
// twice, from what the kernel saw. calls_of_own_hand() must have been watched.
// Pure.
StopOutcome stop_outcome(const Evidence& evidence);

}  // namespace faultrig
