#include "harness/run/link_group.h"

#include "harness/os/cgroup_freeze.h"
#include "harness/os/run_time.h"

namespace faultrig {

Result<> LinkGroup::limit_at_start(const LinkSetup& setup) {
  if (setup.memory && setup.memory->from_start) {
    TRY(memory_.limit(*setup.memory));
  }
  for (const CountedCap& cap : setup.caps) {
    if (cap.max && cap.from_start) {
      TRY(caps_.set(cap));
    }
  }
  return Ok{};
}

void LinkGroup::tell_all() {
  memory_.tell_kills();
  memory_.tell_peak();
  caps_.tell();
}

Result<> LinkGroup::freeze(bool frozen) {
  int freezers = freezers_ + (frozen ? 1 : -1);
  bool held = !frozen && freezers > 0;
  if (!held && !freeze_group(group_, frozen)) {
    return unsupported_error("needs " + std::string(kNeedsFreezer));
  }
  freezers_ = freezers;
  return Ok{};
}

GroupTools::Standing LinkGroup::standing() const {
  return {group_stands(group_), run_time_of(group_.members())};
}

}  // namespace faultrig
