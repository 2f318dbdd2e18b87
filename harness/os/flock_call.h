#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/os/notify.h"

namespace faultrig {

// What a call of flock(2) asks for: `LOCK_EX|LOCK_NB`; empty: another call, or
// nothing that there is.
std::string flock_operation(const std::string& call,
                            const Notification& waiting);

// Lets go of the lock that a caller waits to let go of, on a copy of its
// descriptor: a lock belongs to the open file. Does nothing for other calls,
// and where the caller no longer waits.
Result<> let_go(const Notifier& notifier, const std::string& call,
                const Notification& waiting, int pid);

}  // namespace faultrig
