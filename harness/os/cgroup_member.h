#pragma once

#include <string>

namespace faultrig {

// Is this process in a cgroup whose name starts with `prefix`, or below one,
// where memory is counted (the v1 memory hierarchy, else v2; /proc/PID/cgroup
// in cgroups(7))? True for a process that is gone, or
// on its way.
bool is_member(int pid, const std::string& prefix);

}  // namespace faultrig
