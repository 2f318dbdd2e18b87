#pragma once

#include <chrono>
#include <optional>
#include <vector>

namespace faultrig {

// How long the threads of these processes have run on a processor, together
// (the first number of /proc/PID/task/TID/schedstat, nanoseconds). Nothing
// where the kernel does not tell (CONFIG_SCHED_INFO), or none is left.
std::optional<std::chrono::nanoseconds> run_time_of(
    const std::vector<int>& pids);

}  // namespace faultrig
