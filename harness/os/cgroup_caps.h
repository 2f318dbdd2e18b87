#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "harness/base/controller.h"
#include "harness/base/result.h"
#include "harness/os/cgroup.h"

namespace faultrig {

// A processor's time is given in periods of so long.
inline constexpr std::chrono::microseconds kCpuPeriod{100'000};

// Can groups made below these places have this controller?
bool gives(const CgroupPlaces& places, Controller controller);

// Sets pids.max to so many tasks, memory.high to so many bytes (v2 alone), or
// cpu.max (cpu.cfs_quota_us on v1) to so many microseconds in each kCpuPeriod;
// nothing: no cap but what holds above. Reads back. An error where a group
// above allows less. Where more memory than that is in use the kernel takes
// back of it what it can, here and now.
Result<> set_cap(const Cgroup& group, Controller controller,
                 std::optional<std::uint64_t> max);

// How often the kernel held the group to its own cap, since the group was made.
struct CapMet {
  std::int64_t times = 0;
  std::chrono::nanoseconds held{0};  // of cpu: that its threads waited
};
Result<CapMet> cap_met(const Cgroup& group, Controller controller);

// Were there ever as many tasks as this in it (pids.peak, Linux 6.1)? Where the
// kernel does not tell: false, unless no group above has a limit that might
// have refused them instead.
bool reached_tasks(const Cgroup& group, std::uint64_t max);

}  // namespace faultrig
