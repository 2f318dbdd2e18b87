#pragma once

#include <vector>

#include "harness/model/observation.h"

namespace faultrig {

// Adds to a trace what was found out behind its end: the times of these facts
// are all that of its last one.
void add_at_end(std::vector<Observation>& trace,
                std::vector<Observation> facts);

}  // namespace faultrig
