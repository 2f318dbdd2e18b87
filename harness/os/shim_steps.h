#pragma once

#include <string>
#include <vector>

#include "harness/os/shim_wire.h"

namespace faultrig {

// What a step does, for a message that goes on with the program: `join the
// cgroup`. Beyond the last step: `exec`, then what comes before the first.
std::string step_name(const std::vector<ChildStep>& steps, int number);

// Is execve(2) itself stopped by a filter of theirs?
bool stops_exec(const std::vector<ChildStep>& steps);
bool has_own_pids(const std::vector<ChildStep>& steps);

// The disk that they make; nullptr: none. And: in a user namespace of its own.
const MountDisk* disk_of(const std::vector<ChildStep>& steps);
bool has_own_user(const std::vector<ChildStep>& steps);

}  // namespace faultrig
