#pragma once

#include <chrono>

#include "harness/os/cgroup.h"

namespace faultrig {

// Tells the processes of a group to stand still, or to go on; does not wait.
// False: it cannot be frozen (freezer.state on v1, cgroup.freeze on v2 in
// cgroups(7)).
bool freeze_group(const Cgroup& group, bool frozen);
// Do they all stand?
bool group_stands(const Cgroup& group);

// A group whose processes stand still as long as this lives, if it can be
// frozen. Signals sent meanwhile are taken when they go on. One that stood
// before stands on afterwards.
class CgroupFreeze {
 public:
  // Waits until they all stand, at most `within`. The group outlives it.
  CgroupFreeze(const Cgroup& group, std::chrono::milliseconds within);
  ~CgroupFreeze();
  CgroupFreeze(const CgroupFreeze&) = delete;
  CgroupFreeze& operator=(const CgroupFreeze&) = delete;

  // Do they all stand? False too where there is no such file.
  bool holds() const { return holds_; }

 private:
  const Cgroup& group_;
  bool ours_ = false;  // we have frozen it
  bool holds_ = false;
};

}  // namespace faultrig
