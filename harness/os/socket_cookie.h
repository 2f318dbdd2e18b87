#pragma once

#include <cstdint>

#include "harness/base/fd.h"

namespace faultrig {

// By which number the kernel knows something for ever, whichever descriptor is
// asked. May run after fork.

// This socket among all others (SO_COOKIE in socket(7)); 0: it has none.
std::uint64_t cookie_of(const Fd& socket);

// The network namespace to which it counts (SO_NETNS_COOKIE, Linux 5.14); 0: it
// does not say.
std::uint64_t network_cookie_of(const Fd& socket);

}  // namespace faultrig
