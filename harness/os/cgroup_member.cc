// A process that may write to cgroupfs, as root or in a delegated tree, can
// move itself where no limit of ours reaches. No event tells of that on v1, so
// it is looked at.
#include "harness/os/cgroup_member.h"

#include <fcntl.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

bool counts_memory(std::string_view controllers) {
  return ("," + std::string(controllers) + ",").find(",memory,") !=
         std::string::npos;
}

}  // namespace

bool is_member(int pid, const std::string& prefix) {
  auto text = read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/cgroup");
  // In this order: v1 shows who is exiting, which takes as long as freeing all
  // its memory does, as a member of the root (cgroups(7)).
  auto stat = stat_of(pid);
  if (!text || !stat || stat->exiting) {
    return true;
  }
  std::string path;
  for (std::string_view line : lines_of(*text)) {
    std::size_t first = line.find(':');
    std::size_t second = line.find(':', first + 1);
    if (second == std::string_view::npos) {
      continue;
    }
    std::string_view list = line.substr(first + 1, second - first - 1);
    if (counts_memory(list) || (list.empty() && path.empty())) {
      path = std::string(line.substr(second + 1));
    }
  }
  return path.find("/" + prefix) != std::string::npos;
}

std::vector<int> processes_of(const Cgroup& group, int first) {
  std::vector<int> pids = group.members();
  if (pids.empty()) {
    pids = descendants_of(first);
    pids.push_back(first);
  }
  return pids;
}

}  // namespace faultrig
