#pragma once

#include <vector>

#include "harness/explain/seen.h"
#include "harness/model/evidence.h"

namespace faultrig {

// What finished evidence tells of each package, or of its command: the kept
// output read as a log, and above it what the witnesses and the kernel said.
std::vector<Seen> seen_in(const Evidence& evidence);

}  // namespace faultrig
