#pragma once

#include <vector>

#include "harness/base/result.h"
#include "harness/inject/run.h"

namespace faultrig {

// Sends a signal to each of these that has not ended; gives their number. A
// zombie takes signals too: only what lived before counts.
Result<int> signal_processes(const std::vector<LiveProcess>& processes,
                             int signal);

}  // namespace faultrig
