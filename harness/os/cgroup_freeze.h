#pragma once

#include <chrono>
#include <string>

#include "harness/os/cgroup.h"

namespace faultrig {

// A group whose processes stand still as long as this lives, if it can be
// frozen: freezer.state on v1, cgroup.freeze on v2 (cgroups(7)). Signals sent
// meanwhile are taken when they go on.
class CgroupFreeze {
 public:
  // Waits until they all stand, at most `within`.
  CgroupFreeze(const Cgroup& group, std::chrono::milliseconds within);
  ~CgroupFreeze();
  CgroupFreeze(const CgroupFreeze&) = delete;
  CgroupFreeze& operator=(const CgroupFreeze&) = delete;

  // Do they all stand? False too where there is no such file.
  bool holds() const { return holds_; }

 private:
  std::string folder_;  // empty: none can be frozen
  bool holds_ = false;
};

}  // namespace faultrig
