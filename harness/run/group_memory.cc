// The kernel's own counter of kills is the proof: what a process prints, or the
// signal it died of, may have other causes.
#include "harness/run/group_memory.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace faultrig {

namespace {

// v1 tells of an OOM before it kills: so often, a millisecond apart, the
// counter is asked again.
constexpr int kMostTries = 1000;

}  // namespace

GroupMemory::GroupMemory(Link link, WatchedGroup tools)
    : link_(link), tools_(std::move(tools)) {}

Result<> GroupMemory::limit(const MemoryLimit& limit) {
  if (!oom_event_) {
    TRY_ASSIGN(oom_event_, tools_.group.oom_event());
    tools_.loop.watch(oom_event_.get(), tools_.group.oom_poll_events(),
                      [this](short) { on_oom(); });
  }
  limit_ = limit;
  return tools_.group.limit_memory(limit.max, limit.swap, limit.group);
}

Result<> GroupMemory::lift() {
  tell_kills();
  TRY(tools_.group.lift_memory_limit());
  limit_.reset();
  return Ok{};
}

void GroupMemory::on_oom() {
  Cgroup::rearm_event(oom_event_.get());
  await_kill(kMostTries);
}

void GroupMemory::await_kill(int tries) {
  std::int64_t before = kills_told_;
  tell_kills();
  if (kills_told_ == before && tries > 0 && !tools_.over()) {
    tools_.loop.after(std::chrono::milliseconds(1),
                      [this, tries] { await_kill(tries - 1); });
  }
}

// The counter tells of kills for any reason. A cap around faultrig, such as
// that of a container, kills in our groups too, long before their own.
bool GroupMemory::met_own_limit() const {
  auto peak = tools_.group.peak();
  if (!limit_ || !peak) {
    return limit_.has_value();
  }
  // What the last charge asked for, a huge page at most, is not in the peak.
  std::uint64_t max = limit_->max.count;
  std::uint64_t slack = std::max<std::uint64_t>(max / 10, 4 << 20);
  return peak->count + slack >= max;
}

void GroupMemory::tell_kills() {
  if (!tools_.group.has_memory()) {
    return;
  }
  auto kills = tools_.group.oom_kills();
  if (!kills) {
    tools_.recorder.trouble(kills.error().what);
    return;
  }
  std::int64_t fresh = *kills - kills_told_;
  if (fresh <= 0) {
    return;
  }
  kills_told_ = *kills;
  Observation killed;
  killed.source = Source::cgroup;
  killed.fact = Fact::oom_kill;
  killed.fault = limit_ ? limit_->fault : kNoFault;
  killed.link = link_name(link_);
  killed.number = fresh;
  tools_.recorder.add(killed);
  if (!met_own_limit()) {
    tools_.recorder.trouble("the kernel killed a process of " + killed.link +
                            " for want of memory, but not at a limit of this "
                            "scenario: one around faultrig, or the machine's");
  } else if (killed.fault != kNoFault) {
    killed.fact = Fact::fault_activated;
    killed.text = "the cgroup's oom_kill counter rose by " +
                  std::to_string(fresh) + kill_the_rest();
    // Each kill is an effect.
    killed.number = 1;
    for (std::int64_t i = 0; i < fresh; ++i) {
      tools_.recorder.add(killed);
    }
  }
}

// `group: true`: v2's kernel kills the whole group itself and counts it; on v1
// we do, and say so.
std::string GroupMemory::kill_the_rest() const {
  if (!limit_->group) {
    return "";
  }
  if (tools_.group.kernel_kills_groups()) {
    auto groups = tools_.group.oom_group_kills();
    return ", oom_group_kill is " + std::to_string(groups.value_or(0));
  }
  if (tools_.over()) {
    return "";
  }
  tools_.group.kill();
  return "; faultrig killed the rest: cgroup v1 has no memory.oom.group";
}

void GroupMemory::tell_peak() const {
  if (auto peak = tools_.group.peak()) {
    Observation high;
    high.source = Source::cgroup;
    high.fact = Fact::peak_memory;
    high.link = link_name(link_);
    high.number = static_cast<std::int64_t>(peak->count);
    tools_.recorder.add(high);
  }
}

}  // namespace faultrig
