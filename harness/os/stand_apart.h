#pragma once

#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// For a process of ours that was forked without exec, to be done first: closes
// what it has inherited besides 0, 1, 2 and `keep` (a copy of a pipe or of a
// filter's listener would keep it open), may have as many descriptors as its
// hard limit allows, and enters the network namespace of `network`, a
// descriptor of /proc/PID/ns/net (setns(2)); -1: stays in ours.
Result<> stand_apart(int network, std::vector<int> keep);

}  // namespace faultrig
