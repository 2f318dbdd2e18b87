#pragma once

#include "harness/model/evidence.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Was there a goroutine that nothing could ever wake, when what hung was looked
// at, or did the runtime end a program since all were asleep? Passes only by
// what was seen; where nobody looked, or not at all of them, and none was seen,
// it cannot be told.
Finding certain_deadlock(const Evidence& evidence);

// The same, or did goroutines wait for locks or for each other, in two looks a
// second apart, and nobody was there that could have held them up? That is no
// proof. Cannot be told where nobody looked twice, not at all of them, or where
// somebody may come yet.
Finding likely_deadlock(const Evidence& evidence);

// Does Go's own word for what it waits for say that nothing can come?
bool waits_for_ever(const Observation& seen);

}  // namespace faultrig
