#pragma once

#include "harness/model/site_sweep.h"

namespace faultrig {

// Fills in the verdict on all of them, and why. A finding of one is one of all;
// without any, one that could not tell cannot tell for all. A package whose
// tests make no call in question says nothing, unless none of them does. Each
// sweep is concluded before.
void conclude_sweeps(SiteSweeps& all);

// One, concluded, by itself.
SiteSweeps lone_sweep(SiteSweep sweep);

}  // namespace faultrig
