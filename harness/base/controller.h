#pragma once

#include <string_view>

namespace faultrig {

// A controller of cgroups that counts how often its limit is met: tasks that
// were refused (pids.events), periods in which the group had no time left
// (cpu.stat), memory above memory.high that it was to give back (memory.events,
// on v2 alone), in cgroups(7), the kernel's cgroup-v2, cgroup-v1/pids and
// sched-bwc.
enum class Controller { pids, cpu, memory };

// As the kernel calls it.
constexpr std::string_view controller_name(Controller controller) {
  return controller == Controller::pids  ? "pids"
         : controller == Controller::cpu ? "cpu"
                                         : "memory";
}

}  // namespace faultrig
