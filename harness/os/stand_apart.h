#pragma once

#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// For a process of ours that was forked without exec: closes what it has
// inherited besides 0, 1, 2 and `keep`. May run after fork.
void close_all_but(std::vector<int> keep);

// For a process of ours that was forked without exec, to be done first: closes
// what it has inherited besides 0, 1, 2 and `keep` (a copy of a pipe or of a
// filter's listener would keep it open), may have as many descriptors as its
// hard limit allows, and enters `spaces`, descriptors of /proc/PID/ns/user and
// /proc/PID/ns/net in this order (setns(2)).
Result<> stand_apart(const std::vector<int>& spaces, std::vector<int> keep);

}  // namespace faultrig
