#pragma once

#include <cstdint>
#include <vector>

#include "harness/run/live_run.h"
#include "harness/run/service_folder.h"

namespace faultrig {

// The first life of a service, as far as the second one has to know it.
struct FirstLife {
  FirstLink link;  // how it was started
  Needs& needs;    // they live on
  std::vector<std::uint64_t> acknowledged;
};

// Starts the service of this plan once more, on the folders that it kept,
// without faults, load or filter; asks for what it has acknowledged; ends it.
// Adds what that showed to the trace of the first life: second_ready or
// second_unready, write_found, write_lost. Nothing where none was planned.
void add_second_life(Session& session, const Plan& plan, const FirstLife& first,
                     ServiceFolder& folder, std::vector<Observation>& trace);

}  // namespace faultrig
