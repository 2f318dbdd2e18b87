#pragma once

#include <string>

#include "harness/os/notify.h"

namespace faultrig {

// Of a call by which a program may send a signal to itself (kill(2), tgkill(2),
// tkill(2), rt_sigqueueinfo(2), rt_tgsigqueueinfo(2), pidfd_send_signal(2)):
// `SIGTERM to itself`; `SIGTERM to process 42`, by our numbers, or `SIGTERM to
// group 42`, whose leader, 42, was alive and not dying then; `SIGTERM to
// another` of whom that is not known. To itself and the rest of a group of
// which another is the leader: `SIGTERM to itself, group 42`. With `,
// listening` behind, where the signal can kill and the caller's process had a
// socket that listens, of any kind. `pid` is the caller's process, and the
// caller must still wait after it was asked. Empty: another call, or nobody can
// tell.
std::string sent_signal(const std::string& call, const Notification& waiting,
                        int pid);

}  // namespace faultrig
