#pragma once

#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A SOCK_SEQPACKET connection to the unix socket at `path` (unix(7)).
Result<Fd> connect_to(const std::string& path);

// A signalfd(2) for all signals, which are blocked from now on. Dispositions
// go back to their defaults first: `nohup` and `&` leave some ignored.
Result<Fd> take_all_signals();

}  // namespace faultrig
