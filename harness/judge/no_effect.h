#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace faultrig {

// Why a fault that did not take effect did not, as far as the evidence tells:
// `fault 'memory' was installed but never took effect: peak 1.3MiB of 8MiB`.
std::string why_no_effect(const Scenario& scenario, FaultId id,
                          const Evidence& evidence);

}  // namespace faultrig
