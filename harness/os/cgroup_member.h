#pragma once

#include <string>
#include <vector>

#include "harness/os/cgroup.h"

namespace faultrig {

// Is this process in a cgroup whose name starts with `prefix`, or below one,
// where memory is counted (the v1 memory hierarchy, else v2; /proc/PID/cgroup
// in cgroups(7))? True for a process that is gone, or
// on its way.
bool is_member(int pid, const std::string& prefix);

// The processes of a group, and where no cgroup tells, `first` with all that
// descends from it.
std::vector<int> processes_of(const Cgroup& group, int first);

}  // namespace faultrig
