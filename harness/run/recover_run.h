#pragma once

#include <vector>

#include "harness/run/live_run.h"

namespace faultrig {

// How a command of `recover` is started: in the folder, with the environment
// and beside the needs of the first link.
FirstLink recover_link(Session& session, const Plan& plan,
                       const FirstLink& first);

// Runs it without faults, to its end or the workload's deadline. Gives how it
// ended and what it printed.
std::vector<Observation> run_recover(Session& session, const Plan& plan,
                                     const FirstLink& link, Needs& needs);

// Runs the command of `recover`, where crashes are tried once in each of their
// states, and adds to the evidence what came of it. Nothing where the workload
// has no such command. Not after fork.
void add_recover_run(Session& session, const Plan& plan, const FirstLink& first,
                     Needs& needs, Evidence::Parts& parts);

}  // namespace faultrig
