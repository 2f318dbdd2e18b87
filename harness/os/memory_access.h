#pragma once

#include <cstdint>

#include "harness/base/result.h"

namespace faultrig {

// May we read this process's memory? Asked by reading at an address; that it
// has none there is no refusal. Unsupported: no, why, and what would help.
// Usage: there is no such process, or it has ended.
Result<> may_read_memory(int pid, std::uint64_t address);

// A thread of this process that is alive, by its number; the process's own
// where there is none.
int living_thread_of(int pid);

// Do we and this process have the same CLOCK_MONOTONIC (time_namespaces(7))?
bool shares_clock(int pid);

}  // namespace faultrig
