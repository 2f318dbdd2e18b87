#pragma once

#include "harness/base/result.h"

namespace faultrig {

// Sends a signal to a process that is frozen (the freezer of cgroups(7)), so
// that the thread gets it that would have it otherwise. The kernel gives the
// signal of a process to its first thread, if that one does not block it and
// has none to handle yet; what is frozen counts as having one, and whichever
// thread wakes first would take it. So it is sent to that thread (tgkill(2)),
// or to the process (pidfd_send_signal(2)) where the first thread blocks it or
// is gone. False: the process is gone (ESRCH).
Result<bool> signal_frozen(int pid, int pidfd, int signal);

}  // namespace faultrig
