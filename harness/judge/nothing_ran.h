#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace faultrig {

// Why `go test` may have ended well without having run what it was asked for,
// while the scenario does not say that it expects that (`output: {contains: no
// tests to run}`); empty: it ran something. Whatever else it expects then
// proves nothing.
std::string why_nothing_ran(const Scenario& scenario, const Evidence& evidence);

}  // namespace faultrig
