#pragma once

#include <chrono>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/shim_launch.h"
#include "harness/os/shim_relay.h"
#include "harness/os/watch.h"
#include "harness/os/watch_group.h"

struct signalfd_siginfo;

namespace faultrig {

// One program under watch, from its start to its end. Not for a process with
// threads.
class LiveWatch {
 public:
  LiveWatch(const WatchOrder& order, Fd signals, Relay relay, WatchGroup group)
      : order_(order),
        signals_(std::move(signals)),
        relay_(std::move(relay)),
        group_(std::move(group)) {}

  // Starts the program in the process group `group`, with these signals. Fails
  // as watch() does.
  Result<> start(int group, const SignalState& signals);
  // Until it has ended.
  void wait();
  // Once, after wait(): reaps it, lets go of its cgroup, gives what was seen.
  Watched finish();

 private:
  void look();
  void take_signals();
  void forward(const signalfd_siginfo& seen);
  void reap_orphans() const;
  void reap();
  void flush();
  std::vector<int> survivors() const;
  void read_group();
  void leave_guard();
  [[noreturn]] void stand_guard(const Fd& witness);

  const WatchOrder& order_;
  Fd signals_;
  Relay relay_;
  WatchGroup group_;
  Child child_;
  Watched seen_;
  std::chrono::steady_clock::time_point launched_;
  bool together_ = false;  // we are in the child's process group
  bool interrupted_ = false;
  Fd guard_;  // closed without a word, it calls the guard
};

}  // namespace faultrig
