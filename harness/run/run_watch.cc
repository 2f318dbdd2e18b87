#include "harness/run/run_watch.h"

#include <poll.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "harness/base/units.h"
#include "harness/os/cgroup_member.h"
#include "harness/os/shim_processes.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

constexpr std::chrono::milliseconds kLate{100};
// Later than that a busy machine makes nobody.
constexpr std::chrono::milliseconds kFrozen{2000};
constexpr std::chrono::milliseconds kBetweenLooks{100};

}  // namespace

void RunWatch::watch_signals() {
  const Fd& signals = tools_.session.signals();
  while (next_signal(signals)) {  // of earlier runs
  }
  tools_.loop.watch(signals.get(), POLLIN, [this](short) { take_signals(); });
}

void RunWatch::watch_for_escapes() {
  bool look_again = false;
  for (const auto& [name, link] : tools_.links.all()) {
    bool limited = link.is_limited();
    if (limited && link.tools().memory().is_limited()) {
      tell_escapes(name, link);
    }
    look_again = look_again || (limited && !escaped_.contains(name));
  }
  if (look_again) {
    tools_.loop.after(kBetweenLooks, [this] { watch_for_escapes(); });
  }
}

void RunWatch::tell_escapes(Link link, const RunLink& state) {
  // The witnesses and tests below `go` are in other groups of ours.
  std::string name = state.group().name();
  std::string ours = name.substr(0, name.rfind('.') + 1);
  for (const LiveProcess& process : tools_.processes.of(link)) {
    std::vector<int> family = descendants_of(process.pid);
    family.push_back(process.pid);
    for (int pid : family) {
      if (!escaped_.contains(link) && !is_member(pid, ours)) {
        escaped_.insert(link);
        tools_.recorder.lose("process " + std::to_string(pid) + " (" +
                             command_of(pid) +
                             ") has left the memory cgroup of its run");
      }
    }
  }
}

// A stopped shim misses nothing: it is told to go on. We ourselves do, unless
// we were stopped while we waited, and nothing happened and no timer was due.
void RunWatch::take_signals() {
  while (auto number = next_signal(tools_.session.signals())) {
    if (*number == SIGCHLD) {
      (void)continue_if_stopped(tools_.session.launcher().shim_pid());
      continue;
    }
    const Loop::Nap& nap = tools_.loop.nap();
    bool missed =
        nap.ready > 1 || nap.slept < kLate || nap.slept > nap.wanted + kLate;
    if (missed && nap.away > kLate) {
      lose_time();
    }
  }
}

void RunWatch::look() {
  if (tools_.loop.nap().slept > tools_.loop.nap().wanted + kFrozen) {
    lose_time();
  }
}

// Deadlines passed and triggers waited while we did not run: what was measured
// then answers no question.
void RunWatch::lose_time() {
  if (!stood_still_) {
    stood_still_ = true;
    tools_.recorder.lose("faultrig itself stood still for up to " +
                         format_elapsed(tools_.loop.nap().away) +
                         " (stopped, or frozen)");
  }
}

}  // namespace faultrig
