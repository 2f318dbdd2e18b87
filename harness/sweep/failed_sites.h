#pragma once

#include "harness/model/evidence.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// The call sites at which the faults of a run made calls fail, whatever they
// selected them by, each with a point for each error: `surfaced` where the run
// failed and printed what names it; else nobody can tell from one run what it
// came to. Calls of which no stack was told have no site. Pure.
SiteSweep failed_sites(const Evidence& evidence);

}  // namespace faultrig
