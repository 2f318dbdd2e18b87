#include "harness/os/cgroup_freeze.h"

#include <thread>

#include "harness/os/shim_cleanup.h"

namespace faultrig {

CgroupFreeze::CgroupFreeze(const Cgroup& group,
                           std::chrono::milliseconds within) {
  using Clock = std::chrono::steady_clock;
  for (const std::string& folder : group.folders()) {
    if (freeze_cgroup(folder, true)) {
      folder_ = folder;
      break;
    }
  }
  auto until = Clock::now() + within;
  while (!folder_.empty() && !holds_ && Clock::now() < until) {
    holds_ = is_frozen(folder_);
    if (!holds_) {
      std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
}

CgroupFreeze::~CgroupFreeze() {
  if (!folder_.empty()) {
    freeze_cgroup(folder_, false);
  }
}

}  // namespace faultrig
