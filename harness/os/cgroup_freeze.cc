#include "harness/os/cgroup_freeze.h"

#include <algorithm>
#include <thread>

#include "harness/os/shim_cleanup.h"

namespace faultrig {

bool freeze_group(const Cgroup& group, bool frozen) {
  const auto& folders = group.folders();
  return std::any_of(folders.begin(), folders.end(),
                     [frozen](const std::string& folder) {
                       return freeze_cgroup(folder, frozen);
                     });
}

bool group_stands(const Cgroup& group) {
  const auto& folders = group.folders();
  return std::any_of(folders.begin(), folders.end(), is_frozen);
}

CgroupFreeze::CgroupFreeze(const Cgroup& group,
                           std::chrono::milliseconds within)
    : group_(group), holds_(group_stands(group)) {
  using Clock = std::chrono::steady_clock;
  ours_ = !holds_ && freeze_group(group, true);
  auto until = Clock::now() + within;
  while (ours_ && !holds_ && Clock::now() < until) {
    holds_ = group_stands(group);
    if (!holds_) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
}

CgroupFreeze::~CgroupFreeze() {
  if (ours_) {
    freeze_group(group_, false);
  }
}

}  // namespace faultrig
