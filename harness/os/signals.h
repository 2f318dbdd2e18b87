#pragma once

#include <optional>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// Blocks SIGINT, SIGTERM, SIGHUP and SIGCHLD and gives a signalfd(2) that reads
// them; SIGPIPE is ignored from now on. For the process that talks to people.
Result<Fd> take_ending_signals();

// Blocks SIGCHLD and SIGCONT and gives a signalfd that reads them: a child of
// ours was stopped or has ended; we were stopped and go on. For a process that
// runs things.
Result<Fd> take_job_signals();

// The next waiting signal of such a descriptor; nothing if there is none.
std::optional<int> next_signal(const Fd& signals);

}  // namespace faultrig
