#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/ability.h"
#include "harness/os/cgroup.h"

namespace faultrig {

// What is looked at besides the kernel; borrowed.
struct MachineView {
  const CgroupPlaces& places;
  const std::vector<std::string>& environment;  // NAME=value
};

// The whole table, for `doctor`. Each is tried for real; nothing stays.
std::vector<Ability> abilities_of(const MachineView& view);

// Is there what a plan needs (Launch::needs)? Nothing if it is, else `needs a
// writable memory cgroup: why; get it: how`.
std::optional<std::string> missing(const std::string& need,
                                   const MachineView& view);

}  // namespace faultrig
