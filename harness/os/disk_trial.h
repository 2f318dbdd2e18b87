#pragma once

#include "harness/base/result.h"

namespace faultrig {

// Can a process of ours have a disk of its own? Tried in a child, in mounts
// that nobody else sees; nothing stays. The error has the errno.
Result<> try_disk();

}  // namespace faultrig
