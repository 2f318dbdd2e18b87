#pragma once

#include "harness/base/result.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

// The step as we can do it: where we may not mount (CAP_SYS_ADMIN), in a user
// namespace in which we are who we are.
MountDisk for_us(MountDisk step);

// Can a process of ours have a disk of its own? Tried in a child, in mounts
// that nobody else sees; nothing stays. The error has the errno.
Result<> try_disk();

}  // namespace faultrig
