#pragma once

#include <csignal>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/base/wait_status.h"

namespace faultrig {

// What a program inherits of signals (signal(7)).
struct SignalState {
  sigset_t blocked{};
  sigset_t ignored{};
};

// A signalfd(2) for all signals, which are blocked from now on, with every
// disposition at its default: `nohup` and `&` leave some ignored, and of those
// nothing is heard. `before`: what was, to be given to what we start.
Result<Fd> take_all_signals(SignalState* before = nullptr);

// What is to be done after fork, before exec: raw calls only. Nothing of it
// fails.
void give_signals(const SignalState& state);

// Ends this process as another has ended: with its code, or by its signal. No
// core is dumped: the other's is the one to keep. As PID 1, which no signal of
// its own can kill, the code is 128 + signal.
[[noreturn]] void end_like(WaitStatus status);

}  // namespace faultrig
