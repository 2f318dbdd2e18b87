// The counters only grow, so that looking now and then misses nothing but the
// moment: an effect is told at most kBetweenLooks late.
#include "harness/run/group_caps.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "harness/base/units.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{5};

}  // namespace

Result<> GroupCaps::set(const CountedCap& cap) {
  TRY_ASSIGN(CapMet before, cap_met(watched_.group, cap.controller));
  TRY(set_cap(watched_.group, cap.controller, cap.max));
  held_[cap.controller] = {cap, before};
  if (!std::exchange(looking_, true)) {
    look();
  }
  return Ok{};
}

Result<> GroupCaps::lift(Controller controller) {
  tell();
  held_.erase(controller);
  return set_cap(watched_.group, controller, std::nullopt);
}

void GroupCaps::look() {
  tell();
  looking_ = !held_.empty() && !watched_.over();
  if (looking_) {
    watched_.loop.after(kBetweenLooks, [this] { look(); });
  }
}

void GroupCaps::tell() {
  for (auto& [controller, held] : held_) {
    tell(held);
  }
}

void GroupCaps::tell(Held& held) {
  auto now = cap_met(watched_.group, held.cap.controller);
  if (!now) {
    watched_.recorder.trouble(now.error().what);
    return;
  }
  CapMet fresh{now->times - held.told.times, now->held - held.told.held};
  if (fresh.times <= 0) {
    return;
  }
  held.told = *now;
  if (held.cap.controller == Controller::pids) {
    tell_tasks(held, fresh.times);
  } else if (held.cap.controller == Controller::memory) {
    tell_effect(held, "high of memory.events rose by " +
                          std::to_string(fresh.times) +
                          ": it was held back, to give memory back");
  } else {
    tell_effect(held, "nr_throttled rose by " + std::to_string(fresh.times) +
                          ": its threads waited for " +
                          format_elapsed(fresh.held) + " in all");
  }
}

void GroupCaps::tell_tasks(const Held& held, std::int64_t fresh) {
  if (!reached_tasks(watched_.group, held.cap.max.value_or(0))) {
    watched_.recorder.trouble(
        "the kernel refused " + std::string(link_name(link_)) +
        " a process or a thread, but not at the cap of this scenario: at one "
        "around faultrig");
    return;
  }
  for (std::int64_t i = 0; i < fresh; ++i) {
    tell_effect(held,
                "a process or a thread was refused: max of pids.events rose");
  }
}

void GroupCaps::tell_effect(const Held& held, const std::string& text) {
  Observation effect;
  effect.source = Source::cgroup;
  effect.fact = Fact::fault_activated;
  effect.fault = held.cap.fault;
  effect.link = link_name(link_);
  effect.text = text;
  watched_.recorder.add(std::move(effect));
}

}  // namespace faultrig
