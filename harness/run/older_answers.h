#pragma once

#include <vector>

#include "harness/model/observation.h"
#include "harness/model/plan.h"
#include "harness/run/session.h"

namespace faultrig {

// Which calls of a link's rules faultrig will not hear of, since a filter that
// holds us already, a container's profile, answers them: a
// answered_before for each. None where nothing holds us. Tried once a
// session for each call; where that failed, each is told, with why.
// Forks; not after fork.
std::vector<Observation> answered_before(Session& session, Link link,
                                         const std::vector<CallRule>& rules);

}  // namespace faultrig
