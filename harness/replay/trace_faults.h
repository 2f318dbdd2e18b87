#pragma once

#include <string>
#include <vector>

#include "harness/model/replayed.h"
#include "harness/replay/trace_reader.h"

namespace faultrig {

// What a trace came to: how the first process of it ended, or the test binary
// that failed, if there was one; what it printed; what is run again, if the
// trace tells; which faults may have done it, the likeliest first. Without
// scenarios. `here`: the folder in which it is to be run.
Replayed replayed_trace(const Traced& traced, const std::string& here);

}  // namespace faultrig
