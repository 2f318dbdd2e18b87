#pragma once

#include "harness/model/shutdown_map.h"

namespace faultrig {

// Fills in what follows from `asked`, `golden` and `points` of a map: windows,
// findings, the verdict and why. Pure.
void conclude_map(ShutdownMap& map);

}  // namespace faultrig
