#pragma once

#include <optional>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Blocks SIGINT, SIGTERM and SIGHUP and gives a signalfd(2) that reads them;
// SIGPIPE is ignored from now on. For the process that talks to people.
Result<Fd> take_ending_signals();

// The next waiting signal of such a descriptor; nothing if there is none.
std::optional<int> next_signal(const Fd& signals);

}  // namespace faultrig
