#pragma once

#include <vector>

#include "harness/model/site_sweep.h"

namespace faultrig {

// The points of a sweep over what a program depends on: each peer that was
// asked for, each thing that it may do, from each moment on. Pure.
std::vector<FaultPoint> peer_points(const SweepAsked& asked,
                                    const std::vector<CallSite>& peers);

}  // namespace faultrig
