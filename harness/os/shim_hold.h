#pragma once

#include "harness/base/result.h"

// A child held at its exec: it is its program already, with the dispositions
// and the mask that this program would have, and has not run one instruction
// of it. What is done to it then, a signal above all, comes first.
namespace faultrig {

// In the child, before exec: its parent is to hold it there. Raw calls only,
// for use after fork. 0 or an errno.
int hold_at_exec();

// The same, when its mask is set: blocked, the SIGTRAP that stops it there
// would wait until the program unblocks it.
void take_trap();

// Waits until a child that asked for it is held. False: it has ended before
// (and is left to be reaped).
bool await_hold(int pid);

// It runs on, from its first instruction; or dies, if that was done to it.
void let_go(int pid);

}  // namespace faultrig
