#include "harness/run/shifted_clock.h"

#include <algorithm>
#include <utility>

#include "harness/base/units.h"
#include "harness/model/stepped_clock.h"
#include "harness/os/shim_processes.h"
#include "harness/os/vdso_clock.h"
#include "harness/run/fault_effect.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// A program that forks all the time has children that we have not seen yet:
// they have what their parent had. So often all of them are looked at.
constexpr int kMostLooks = 100;

}  // namespace

ShiftedClock::ShiftedClock(Link link, std::vector<ClockShift> shifts,
                           Tools tools)
    : link_(link), shifts_(std::move(shifts)), tools_(std::move(tools)) {
  for (const ClockShift& shift : shifts_) {
    if (shift.from_start && shift.fault != kNoFault) {
      active_.insert(shift.fault);
    }
  }
}

nanoseconds ShiftedClock::shift() const {
  nanoseconds sum{0};
  for (const ClockShift& shift : shifts_) {
    sum += active_.contains(shift.fault) ? shift.jump : nanoseconds(0);
  }
  return sum;
}

bool ShiftedClock::asks() const { return !active_.empty(); }

void ShiftedClock::select(FaultId fault, bool active) {
  bool ours = std::any_of(shifts_.begin(), shifts_.end(),
                          [&](const auto& one) { return one.fault == fault; });
  if (!ours) {
    return;
  }
  if (active) {
    active_.insert(fault);
  } else {
    active_.erase(fault);
  }
  set_all();
}

// Until a look finds none that was not set: a child made meanwhile has its
// parent's.
void ShiftedClock::set_all() {
  std::set<int> done;
  bool fresh = true;
  for (int look = 0; fresh && look < kMostLooks; ++look) {
    fresh = false;
    for (int pid : tools_.processes()) {
      if (!done.insert(pid).second) {
        continue;
      }
      auto set = set_clock(pid, shift(), asks());
      fresh = fresh || (set && *set);
      if (!set) {
        trouble(pid, set.error().what);
      }
    }
  }
}

// Whose caller has gone needs nothing any more.
bool ShiftedClock::answers(Notifier& notifier, const WaitingCaller& caller) {
  const Notification& call = caller.call;
  if (!begins_program(caller.name, call) &&
      !reads_wall_clock(caller.name, call)) {
    return false;
  }
  auto value =
      notifier.still_waiting(call.id) ? answer_to(caller) : std::nullopt;
  auto sent =
      value ? notifier.answer(call.id, *value, 0) : notifier.let_run(call.id);
  if (!sent) {
    trouble(caller.pid, sent.error().what);
  }
  return true;
}

std::optional<std::int64_t> ShiftedClock::answer_to(
    const WaitingCaller& caller) {
  if (begins_program(caller.name, caller.call)) {
    begin(caller.pid);
    return std::nullopt;
  }
  // One that began before the last step was set asks again at its next.
  if (asks_by_our_code(caller.call) && !will_add(caller.call, shift())) {
    return std::nullopt;
  }
  tell_read(caller.pid);
  if (asks_by_our_code(caller.call)) {
    // Reads of this process need not be told any more.
    if (auto told = set_clock(caller.pid, shift(), false); !told) {
      trouble(caller.pid, told.error().what);
    }
    return std::nullopt;
  }
  if (shift().count() == 0) {
    return std::nullopt;
  }
  auto answered = answer_read(caller.name, caller.call, shift());
  return answered ? std::optional(*answered) : std::nullopt;
}

void ShiftedClock::begin(int pid) {
  auto taken = take_clock(pid);
  if (taken) {
    auto set = set_clock(pid, shift(), asks());
    taken = set ? Result<>(Ok{}) : Result<>(set.error());
  }
  if (!taken) {
    trouble(pid, taken.error().what);
  }
}

void ShiftedClock::tell_read(int pid) {
  for (const ClockShift& shift : shifts_) {
    if (!active_.contains(shift.fault) ||
        !told_.emplace(shift.fault, pid).second) {
      continue;
    }
    Observation effect;
    effect.source = Source::seccomp;
    effect.fact = Fact::fault_activated;
    effect.fault = shift.fault;
    effect.link = link_name(link_);
    effect.pid = pid;
    effect.action = kStepsClock;
    effect.text = "it read the wall clock, " + format_step(shift.jump);
    effect.text += " from the true time";
    tools_.record(std::move(effect));
  }
}

void ShiftedClock::trouble(int pid, const std::string& why) {
  auto stat = stat_of(pid);
  if (!stat || stat->exiting || stat->state == 'Z') {
    return;
  }
  Observation told =
      link_trouble(link_, "the wall clock of process " + std::to_string(pid) +
                              " could not be stepped: " + why);
  told.pid = pid;
  tools_.record(std::move(told));
}

}  // namespace faultrig
