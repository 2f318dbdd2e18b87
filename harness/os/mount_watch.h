#pragma once

#include "harness/base/fd.h"

namespace faultrig {

// Tells whether anything was mounted or taken off in our own mount namespace,
// for the price of a poll(2): the kernel marks an open /proc/self/mountinfo
// (proc_pid_mountinfo(5), proc_pid_mounts(5): POLLPRI). Not after fork.
class MountWatch {
 public:
  MountWatch();

  // Since it was asked last, or made. True as well where that cannot be told.
  bool changed();

 private:
  Fd file_;
};

}  // namespace faultrig
