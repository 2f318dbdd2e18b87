#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/os/notify.h"

namespace faultrig {

// Makes calls for their callers whose success a trigger waits for, so that it
// is known: listen(2) and accept(2).
class MadeCalls {
 public:
  using Fire = std::function<void(const CallRule&)>;
  MadeCalls(Notifier& notifier, const Fire& fire)
      : notifier_(notifier), fire_(fire) {}

  // Whether the caller has its answer, after `awaiting`, rules of triggers,
  // have fired as they ask. Nothing: the call has to run as it is.
  std::optional<Result<bool>> make(
      const Notification& call, const std::string& name, int pid,
      const std::vector<const CallRule*>& awaiting);

 private:
  std::optional<Result<bool>> listen(
      const Notification& call, int pid,
      const std::vector<const CallRule*>& awaiting);
  std::optional<Result<bool>> accept(
      const Notification& call, const std::string& name, int pid,
      const std::vector<const CallRule*>& awaiting);
  void fire_all(const std::vector<const CallRule*>& awaiting);

  Notifier& notifier_;
  const Fire& fire_;
  std::set<int> in_accept_;  // threads whose call may block
};

}  // namespace faultrig
