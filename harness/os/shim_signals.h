#pragma once

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/base/wait_status.h"

namespace faultrig {

// A signalfd(2) for all signals, which are blocked from now on. What was
// ignored stays ignored, and a program that is started later inherits that.
Result<Fd> block_all_signals();

// The same, with every disposition at its default: `nohup` and `&` leave some
// ignored.
Result<Fd> take_all_signals();

// Ends this process as another has ended: with its code, or by its signal. No
// core is dumped: the other's is the one to keep. As PID 1, which no signal of
// its own can kill, the code is 128 + signal.
[[noreturn]] void end_like(WaitStatus status);

}  // namespace faultrig
