#pragma once

#include <vector>

#include "harness/run/live_run.h"

namespace faultrig {

// Runs the command of `recover`, in the folder, with the environment and beside
// the needs of the first link, without faults, to its end or the workload's
// deadline. Adds to the trace how it ended and what it printed. Nothing where
// the workload has no such command. Not after fork.
void add_recover_run(Session& session, const Plan& plan, const FirstLink& first,
                     Needs& needs, std::vector<Observation>& trace);

}  // namespace faultrig
