#pragma once

#include "harness/model/evidence.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// What became of the requests of one run. Pure.
RequestCounts request_sums(const Evidence& evidence);

}  // namespace faultrig
