#include "harness/os/ahead_of_others.h"

namespace faultrig {

AheadOfOthers::AheadOfOthers() : before_(sched_getscheduler(0)) {
  sched_param first{};
  first.sched_priority = 1;
  if (before_ < 0 || sched_getparam(0, &priority_) != 0 ||
      sched_setscheduler(0, SCHED_FIFO, &first) != 0) {
    before_ = -1;
  }
}

AheadOfOthers::~AheadOfOthers() {
  if (before_ >= 0) {
    (void)sched_setscheduler(0, before_, &priority_);
  }
}

}  // namespace faultrig
