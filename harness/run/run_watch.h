#pragma once

#include <set>

#include "harness/run/loop.h"
#include "harness/run/recorder.h"
#include "harness/run/run_links.h"
#include "harness/run/run_processes.h"
#include "harness/run/session.h"

namespace faultrig {

// What a workload can do against its own supervision, and what becomes of
// supervision when we do not run: looked for, and told. Not after fork.
class RunWatch {
 public:
  // What it works with; all must outlive it.
  struct Tools {
    Session& session;
    Loop& loop;
    Recorder& recorder;
    const RunProcesses& processes;
    const RunLinks& links;
  };
  explicit RunWatch(Tools tools) : tools_(tools) {}
  RunWatch(const RunWatch&) = delete;
  RunWatch& operator=(const RunWatch&) = delete;
  ~RunWatch() = default;

  // Looks for stops of the shim, and of ours, from now on.
  void watch_signals();
  // Where memory is capped, a process that leaves its cgroup evades the fault:
  // looks for that from now on, again and again.
  void watch_for_escapes();
  // Behind each step of the loop: did we stand still?
  void look();

 private:
  void tell_escapes(Link link, const RunLink& state);
  void take_signals();
  void lose_time();

  Tools tools_;
  std::set<Link> escaped_;
  bool stood_still_ = false;
};

}  // namespace faultrig
