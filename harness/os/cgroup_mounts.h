#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What /proc says of cgroups, read from its text alone: no system call.

struct CgroupMount {
  std::string root;   // which part of the hierarchy is mounted
  std::string point;  // where
  bool v2 = false;
};

// The cgroup mounts in the text of mountinfo (proc(5)), in its order.
std::vector<CgroupMount> cgroup_mounts_in(std::string_view mountinfo);

// Does the mount show groups around our cgroup namespace, as when a container
// is handed its host's /sys/fs/cgroup? Which of them is ours is not told, and
// nobody of ours may join one outside (nsdelegate in cgroups(7)).
bool is_foreign(const CgroupMount& mount);

// The group that the text of /proc/self/cgroup names for this controller of v1,
// or for v2 when `controller` is empty; "/" when it names none.
std::string own_group_in(std::string_view text, std::string_view controller);

// The path at which `group` shows under a mount. A group that is outside what
// is mounted shows nowhere: the mount point then.
std::string folder_in(const CgroupMount& mount, const std::string& group);

}  // namespace faultrig
