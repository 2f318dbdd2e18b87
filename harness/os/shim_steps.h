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
bool has_own_user(const std::vector<ChildStep>& steps);

// Do they make descriptors that come with Started: of a disk, of a network?
bool lends(const std::vector<ChildStep>& steps);

}  // namespace faultrig
