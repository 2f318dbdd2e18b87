#pragma once

#include <vector>

#include "harness/base/result.h"
#include "harness/inject/run.h"

namespace faultrig {

// Sends a signal to each of these that has not ended; gives their number. A
// zombie takes signals too: only what lived before counts. `frozen`: they are
// (signal_frozen()).
Result<int> signal_processes(const std::vector<LiveProcess>& processes,
                             int signal, bool frozen = false);

}  // namespace faultrig
