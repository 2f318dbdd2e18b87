#pragma once

#include "harness/base/fd.h"

namespace faultrig {

// An option of SOL_SOCKET that is a number (socket(7)); -1: it has none.
int socket_option(const Fd& socket, int name);

}  // namespace faultrig
