#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/clock_shift.h"
#include "harness/model/observation.h"
#include "harness/os/notify.h"
#include "harness/run/waiting_caller.h"

namespace faultrig {

// The wall clock of one link's processes: replaced in each program that begins,
// stepped from outside while they run. Every read that proves a step is told
// once a process. Not after fork.
class ShiftedClock {
 public:
  struct Tools {
    std::function<void(Observation)> record;
    std::function<std::vector<int>()> processes;  // that may have such a clock
  };
  ShiftedClock(Link link, std::vector<ClockShift> shifts, Tools tools);

  // Begins or ends the step of this fault in all processes that live now; those
  // that come later have it from their beginning.
  void select(FaultId fault, bool active);

  // A call that its filter has stopped: false, if that is of no clock; else it
  // is answered, or let run.
  bool answers(Notifier& notifier, const WaitingCaller& caller);

 private:
  // What is to be answered in the place of the kernel; nothing: it runs.
  std::optional<std::int64_t> answer_to(const WaitingCaller& caller);
  std::chrono::nanoseconds shift() const;
  bool asks() const;
  void set_all();
  void begin(int pid);
  void tell_read(int pid);
  void trouble(int pid, const std::string& why);

  Link link_;
  std::vector<ClockShift> shifts_;
  Tools tools_;
  std::set<FaultId> active_;
  std::set<std::pair<FaultId, int>> told_;  // steps that a process has read
};

}  // namespace faultrig
