#pragma once

#include <string_view>

namespace faultrig {

// A controller of cgroups that counts how often its limit is met: tasks that
// were refused (pids.events), periods in which the group had no time left
// (cpu.stat), in cgroups(7) and the kernel's cgroup-v1/pids, sched-bwc.
enum class Controller { pids, cpu };

// As the kernel calls it.
constexpr std::string_view controller_name(Controller controller) {
  return controller == Controller::pids ? "pids" : "cpu";
}

}  // namespace faultrig
