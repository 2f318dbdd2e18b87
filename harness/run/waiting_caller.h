#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/observation.h"
#include "harness/model/plan.h"
#include "harness/os/notify.h"

namespace faultrig {

// An intercepted call, and what is known of it while it waits.
struct WaitingCaller {
  Notification call;
  std::string name;
  int pid = 0;
  // Of triggers that wait for what comes of this call; for its end.
  std::vector<const CallRule*> awaiting;
  std::vector<const CallRule*> ending;
  bool killed = false;  // by what a trigger started at this call
  // What it means for faultrig that this call runs; said once a process.
  std::optional<Observation> news;
};

}  // namespace faultrig
