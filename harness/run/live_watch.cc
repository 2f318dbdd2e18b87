// What a workload can do against its own supervision, and what becomes of
// supervision when we do not run: looked for, and told.
#include <algorithm>
#include <csignal>

#include "harness/base/units.h"
#include "harness/os/cgroup_member.h"
#include "harness/os/shim_processes.h"
#include "harness/os/signals.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kLate{100};
constexpr std::chrono::milliseconds kBetweenLooks{100};
constexpr std::chrono::milliseconds kBetweenGoLooks{50};
// Of a fork bomb, some are enough.
constexpr std::size_t kMostLooks = 64;
// What even SIGKILL does not end in this time is given up.
constexpr std::chrono::milliseconds kDying{1000};
// How late the shim may tell of an end where a fork bomb has the processors.
constexpr std::chrono::milliseconds kNews{20000};

}  // namespace

// Where memory is capped, a process that leaves its cgroup evades the fault.
void LiveRun::watch_for_escapes() {
  bool look_again = false;
  for (const auto& [link, state] : links_) {
    bool capped = group_kind_for(link) == Session::Group::fresh;
    if (capped && state.tools->memory().is_limited()) {
      tell_escapes(link);
    }
    look_again = look_again || (capped && !state.escaped);
  }
  if (look_again) {
    loop_.after(kBetweenLooks, [this] { watch_for_escapes(); });
  }
}

// A go that is killed with all that it started leaves its folder, and nobody to
// name it: it is looked for while it works.
void LiveRun::watch_for_go() {
  look_for_go();
  loop_.after(kBetweenGoLooks, [this] { watch_for_go(); });
}

void LiveRun::look_for_go() {
  for (const auto& [link, state] : links_) {
    std::vector<int> pids = state.group.members();
    pids = pids.empty() ? survivors() : pids;
    pids.resize(std::min(pids.size(), kMostLooks));
    session_.go_leftovers().look_at(pids);
  }
}

void LiveRun::tell_escapes(Link link) {
  LinkState& state = links_.at(link);
  // The witnesses and tests below `go` are in other groups of ours.
  std::string name = state.group.name();
  std::string ours = name.substr(0, name.rfind('.') + 1);
  for (const LiveProcess& process : processes(link)) {
    std::vector<int> family = descendants_of(process.pid);
    family.push_back(process.pid);
    for (int pid : family) {
      if (!state.escaped && !is_member(pid, ours)) {
        state.escaped = true;
        lose("process " + std::to_string(pid) + " (" + command_of(pid) +
             ") has left the memory cgroup of its run");
      }
    }
  }
}

// A stopped shim misses nothing: it is told to go on. We ourselves do, unless
// we were stopped while we waited, and nothing happened and no timer was due.
void LiveRun::take_signals() {
  while (auto number = next_signal(session_.signals())) {
    if (*number == SIGCHLD) {
      (void)continue_if_stopped(session_.launcher().shim_pid());
      continue;
    }
    const Loop::Nap& nap = loop_.nap();
    bool missed =
        nap.ready > 1 || nap.slept < kLate || nap.slept > nap.wanted + kLate;
    if (missed && nap.away > kLate) {
      lose_time();
    }
  }
}

// Deadlines passed and triggers waited while we did not run: what was measured
// then answers no question.
void LiveRun::lose_time() {
  if (!stood_still_) {
    stood_still_ = true;
    lose("faultrig itself stood still for up to " +
         format_elapsed(loop_.nap().away) + " (stopped, or frozen)");
  }
}

// A setuid program runs as somebody whom we may not signal.
void LiveRun::tell_immortals() {
  for (int pid : survivors()) {
    lose("process " + std::to_string(pid) + " (" + command_of(pid) +
         ") cannot be killed and lives on");
  }
}

// At the deadline: what does not even end now is given up, and told. What has
// ended but was not yet reaped left processes that are still to be counted:
// killed before that, nobody would have outlived the workload.
void LiveRun::end_by_force(const std::string& why) {
  auto first = processes_.find(first_pid_);
  if (!news_awaited_ && first != processes_.end() &&
      has_ended(first->second.pidfd.get())) {
    news_awaited_ = true;
    loop_.after(kNews, [this, why] { end_by_force(why); });
    return;
  }
  for (Link link : {Link::test, Link::command, Link::service, Link::go}) {
    for (const LiveProcess& process : processes(link)) {
      tell_our_signal(process, SIGKILL, why);
    }
  }
  kill_everything();
  loop_.after(kDying, [this] {
    if (!first_ended_) {
      tell_immortals();
      lose("the workload did not end when it was killed");
      first_ended_ = true;
    }
  });
}

}  // namespace faultrig
