#pragma once

#include "harness/model/evidence.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// How a service ended that the first `told` faults of its run have told to
// stop, one or two, from what the kernel saw; and which of the other faults
// took no effect. calls_of_own_hand() and listen(2) must have been watched.
// Pure.
StopOutcome stop_outcome(const Evidence& evidence, std::size_t told);

// The outcome of a try of this instant, or `never` where it was another moment:
// threads may make a call earlier or later than it was recorded, on the other
// side of listen(2); and a service is under load once a request was asked of
// it.
StopOutcome in_its_phase(const Instant& instant, const StopOutcome& outcome);

}  // namespace faultrig
