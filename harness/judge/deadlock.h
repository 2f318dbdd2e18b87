#pragma once

#include "harness/model/evidence.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Was there a goroutine that nothing could ever wake, when what hung was looked
// at, or did the runtime end a program since all were asleep? Passes only by
// what was seen; where nobody looked, or not at all of them, and none was seen,
// it cannot be told.
Finding certain_deadlock(const Evidence& evidence);

}  // namespace faultrig
