#pragma once

#include <sched.h>

namespace faultrig {

// While it lives nobody whom we wake takes the processor from us (SCHED_FIFO in
// sched(7)), where we may have that: it takes CAP_SYS_NICE or RLIMIT_RTPRIO.
// For a few calls that do not wait; not after fork.
class AheadOfOthers {
 public:
  AheadOfOthers();
  AheadOfOthers(const AheadOfOthers&) = delete;
  AheadOfOthers& operator=(const AheadOfOthers&) = delete;
  ~AheadOfOthers();

 private:
  int before_;
  sched_param priority_{};
};

}  // namespace faultrig
