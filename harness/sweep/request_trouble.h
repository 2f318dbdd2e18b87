#pragma once

#include <optional>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/sweep/site_outcome.h"

namespace faultrig {

// What became of the requests to a service of one run. Pure.
RequestTrouble request_trouble(const Evidence& evidence);

// What they say of a try, or what it answered instead of getting ready, beside
// runs without a fault; nothing: all were answered as without one. Pure.
std::optional<SiteJudgement> of_requests(
    const SiteRun& run, const std::vector<SiteRun>& recordings);

}  // namespace faultrig
