#pragma once

#include <cstdint>

#include "harness/base/fd.h"

namespace faultrig {

// How many bytes wait in this pipe or socket to be read (FIONREAD in
// ioctl_tty(2)); 0 where it is closed or cannot tell. May run after fork.
std::int64_t unread_in(const Fd& end);

}  // namespace faultrig
