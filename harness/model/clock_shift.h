#pragma once

#include <chrono>
#include <cstdint>

#include "harness/model/link.h"

namespace faultrig {

// A step of a link's wall clock, CLOCK_REALTIME in clock_gettime(2).
struct ClockShift {
  FaultId fault = kNoFault;         // none: a golden run's, which steps nowhere
  std::chrono::nanoseconds jump{};  // added to what the kernel says
  bool from_start = true;           // else from the fault's trigger on
};

}  // namespace faultrig
