#pragma once

#include "harness/inject/run.h"
#include "harness/run/group_caps.h"
#include "harness/run/group_memory.h"

namespace faultrig {

// The cgroup of one link, as injectors may use it.
class LinkGroup final : public GroupTools {
 public:
  // `watched.group` and the others must outlive it.
  LinkGroup(Link link, const WatchedGroup& watched)
      : group_(watched.group), memory_(link, watched), caps_(link, watched) {}

  GroupMemory& memory() { return memory_; }

  // What is to hold before anything starts in it.
  Result<> limit_at_start(const LinkSetup& setup);
  // The run is over: all that the kernel counted and nobody has told yet.
  void tell_all();

  std::vector<int> members() const override { return group_.members(); }
  Result<> limit_memory(const MemoryLimit& limit) override {
    return memory_.limit(limit);
  }
  Result<> lift_memory_limit() override { return memory_.lift(); }
  Result<> set_cap(const CountedCap& cap) override { return caps_.set(cap); }
  Result<> lift_cap(Controller controller) override {
    return caps_.lift(controller);
  }
  Result<> freeze(bool frozen) override;
  Standing standing() const override;

 private:
  Cgroup& group_;
  GroupMemory memory_;
  GroupCaps caps_;
  int freezers_ = 0;  // that have it stand still
};

}  // namespace faultrig
