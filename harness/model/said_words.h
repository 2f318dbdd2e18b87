#pragma once

#include <string>

#include "harness/model/observation.h"

namespace faultrig {

// As describe(), of what programs said that looked at a run's leavings, and of
// what they were shown. `fault`: how the fault is called.
std::string said_words(const Observation& observation,
                       const std::string& fault);

}  // namespace faultrig
