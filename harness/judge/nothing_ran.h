#pragma once

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace faultrig {

// Did `go test` end well without having run a single test, while the scenario
// does not say that it expects that (`output: {contains: no tests to run}`)?
// Whatever else it expects then proves nothing.
bool nothing_ran(const Scenario& scenario, const Evidence& evidence);

}  // namespace faultrig
