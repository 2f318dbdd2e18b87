#pragma once

#include <string>
#include <vector>

#include "harness/model/observe.h"

namespace faultrig {

// Why test binaries that are given these words, flags of go test or of theirs,
// leave no such profile to us, or one that does not say what it counts; empty:
// they do. Pure.
std::string why_no_profile(const std::vector<std::string>& words,
                           ProfileKind kind);

// The same of an execution trace. Pure.
std::string why_no_trace(const std::vector<std::string>& words);

}  // namespace faultrig
