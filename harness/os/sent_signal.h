#pragma once

#include <string>

#include "harness/os/notify.h"

namespace faultrig {

// Of a call by which a program may send a signal to itself (kill(2), tgkill(2),
// tkill(2), rt_sigqueueinfo(2), rt_tgsigqueueinfo(2), pidfd_send_signal(2)):
// `SIGTERM to itself`, or `SIGTERM to another`. `pid` is the caller's process,
// and the caller must still wait after it was asked. Empty: another call, or
// nobody can tell.
std::string sent_signal(const std::string& call, const Notification& waiting,
                        int pid);

}  // namespace faultrig
