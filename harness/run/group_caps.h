#pragma once

#include <cstdint>
#include <map>

#include "harness/model/plan.h"
#include "harness/os/cgroup_caps.h"
#include "harness/run/watched_group.h"

namespace faultrig {

// Caps of one link's group that the kernel counts: each time that it held the
// group to one is an effect of its fault. Not after fork.
class GroupCaps {
 public:
  GroupCaps(Link link, WatchedGroup watched)
      : link_(link), watched_(std::move(watched)) {}

  // From now on, read back; the counter is looked at as long as it holds. An
  // error where the group does not take it.
  Result<> set(const CountedCap& cap);
  // No more; what it did until now is told.
  Result<> lift(Controller controller);
  // Tells what the kernel counted since it was asked last.
  void tell();

 private:
  struct Held {
    CountedCap cap;
    CapMet told;
  };
  void look();
  void tell(Held& held);
  void tell_tasks(const Held& held, std::int64_t fresh);
  void tell_effect(const Held& held, const std::string& text);

  Link link_;
  WatchedGroup watched_;
  std::map<Controller, Held> held_;
  bool looking_ = false;
};

}  // namespace faultrig
