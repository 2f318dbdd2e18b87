#pragma once

#include <string>
#include <vector>

#include "harness/model/shutdown_map.h"

namespace faultrig {

// That the service ended before it was told, in which tries; empty: it never
// did.
std::string ended_by_itself(const ShutdownMap& map);

// That a fault beside took effect in no try of all that tell something; empty:
// each did in some.
std::string unmet_in_all(const ShutdownMap& map);

// That most requests came to nothing before the signal already, such as where
// the service had closed the port that is asked; empty: they did not.
std::string asked_in_vain(const ShutdownMap& map);

// That every answer before the signal said no; empty: one did not, or there
// were none.
std::string refusals(const ShutdownMap& map);

// What the verdict of a map does not cover, each in one sentence: no request
// was asked, a port was not, answers did not come before the signal either.
std::vector<std::string> remarks_on(const ShutdownMap& map);

}  // namespace faultrig
