#pragma once

#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// The other sides of the TCP connections that wait for accept(2) at this
// listener of thread `tid`, `127.0.0.1:41234`, in no order: the kernel gives
// the oldest. Fails for sockets of other families, and where the table of that
// thread's network namespace cannot be read.
Result<std::vector<std::string>> waiting_connections(int tid,
                                                     const Fd& listener);

}  // namespace faultrig
