#pragma once

#include <cstdint>
#include <optional>

#include "harness/base/fd.h"
#include "harness/model/plan.h"
#include "harness/run/watched_group.h"

namespace faultrig {

// The memory of one link's group: its limit, what the kernel killed for it, and
// the most that was used (memory.max, memory.events, memory.peak in
// cgroups(7); memory.limit_in_bytes, memory.oom_control,
// memory.max_usage_in_bytes on v1). Not after fork.
class GroupMemory {
 public:
  GroupMemory(Link link, WatchedGroup tools);

  // From now on, read back; kills are told as they happen. An error where the
  // group does not take the limit.
  Result<> limit(const MemoryLimit& limit);
  bool is_limited() const { return limit_.has_value(); }
  // No more; kills until now are told.
  Result<> lift();

  // Tells the kills since it was asked last; those at our own limit are what
  // its fault did.
  void tell_kills();
  // Tells the most that the group has used, where the kernel counts it.
  void tell_peak() const;

 private:
  void on_oom();
  void await_kill(int tries);
  bool met_own_limit() const;
  std::string kill_the_rest() const;

  Link link_;
  WatchedGroup tools_;
  std::optional<MemoryLimit> limit_;
  Fd oom_event_;
  std::int64_t kills_told_ = 0;
};

}  // namespace faultrig
