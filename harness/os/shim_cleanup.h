#pragma once

#include <string>
#include <vector>

namespace faultrig {

// The processes in the cgroup at `path`, its children not included
// (cgroup.procs in cgroups(7)).
std::vector<int> members_of(const std::string& path);

// Kills every process in the cgroup at `path` and below, by the best means that
// it has: cgroup.kill (v2), freezing first (v1 freezer, cgroup.freeze), or
// repeated signals. Waits until it is empty, for the notification of
// cgroup.events on v2, for each process on v1; at most `milliseconds`. False:
// it is not.
bool kill_cgroup(const std::string& path, int milliseconds);

// Stops every process in the cgroup at `path` and below, or lets them go on
// (freezer.state on v1, cgroup.freeze on v2). Does not wait until they stand.
// False: it has no such file.
bool freeze_cgroup(const std::string& path, bool frozen);
// Do they all stand? (freezer.state, cgroup.events)
bool is_frozen(const std::string& path);

// Kills and removes the cgroup at `path` with all below it. True when it is
// gone.
bool remove_cgroup(const std::string& path);

}  // namespace faultrig
