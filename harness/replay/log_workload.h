#pragma once

#include <string>

#include "harness/model/explanation.h"
#include "harness/model/replayed.h"

namespace faultrig {

// The tests and the package that a log names, to be run in the folder `here`;
// without packages: it names none, or one that cannot be an import path.
ReplayWorkload workload_of(const Explanation& explanation,
                           const std::string& here);

}  // namespace faultrig
