#pragma once

#include <vector>

#include "harness/base/result.h"
#include "harness/model/cause.h"

namespace faultrig {

// The table of causes that this program carries. Fails, naming file and line,
// only if it was built from one that is not well formed.
Result<std::vector<Cause>> cause_table();

}  // namespace faultrig
