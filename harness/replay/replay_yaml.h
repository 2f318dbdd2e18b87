#pragma once

#include <string>

#include "harness/model/replayed.h"

namespace faultrig {

// The scenario of a candidate, as `faultrig run` takes it: the workload, this
// fault, and the failure that is expected again, under comments that name the
// lines on which it rests. All texts are made UTF-8.
std::string replay_yaml(const Replayed& replayed,
                        const ReplayCandidate& candidate);

}  // namespace faultrig
