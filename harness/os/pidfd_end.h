#pragma once

#include <optional>

namespace faultrig {

// How the process behind this pidfd ended, as a raw wait status, once somebody
// has waited for it (PIDFD_GET_INFO in pidfd_open(2), Linux 6.15). Nothing: it
// lives, nobody has waited, or the kernel does not tell.
std::optional<int> end_behind(int pidfd);

}  // namespace faultrig
