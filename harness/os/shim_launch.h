#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/shim_signals.h"
#include "harness/os/shim_wire.h"

namespace faultrig {

inline constexpr int kSameGroup = -1;

struct ChildOrder {
  std::vector<std::string> argv;
  std::vector<std::string> env;  // NAME=value
  std::vector<ChildStep> steps;
  // Process group to join (setpgid(2)); 0: one of its own; kSameGroup: ours.
  int group = 0;
  // Of the new program; as it is here: all at their defaults, none blocked.
  SignalState signals{};
  // Of ours; a child that waits at its exec, where others may look into it,
  // closes it first. -1: none.
  int closed_before = -1;
  bool hold = false;  // at its exec, until let_go() (shim_hold.h)
};

struct Child {
  int pid = 0;
  Fd pidfd;     // clone(2), CLONE_PIDFD
  Fd listener;  // seccomp_unotify(2); empty unless a step asked for one
  std::vector<Fd> disk;      // as in DiskFds; empty unless a step asked for one
  std::vector<Fd> network;   // the same of NetworkFds
  std::int64_t exec_ns = 0;  // CLOCK_MONOTONIC when it called execve(2)
  bool held = false;         // at its exec; with stops_exec not yet
};

// Why a child never became its program. `step` names the step that failed:
// `exec`, `join the cgroup`, ...
struct LaunchError {
  std::string step;
  int os_errno = 0;
};

// What is told of it, and what goes beside that.
Started started_as(const Child& child);
std::vector<int> passed_with(const Child& child);

// Starts a child that does the steps and becomes argv[0], with stdin, stdout
// and stderr as they are here. Returns when exec has succeeded or failed; with
// InstallFilter::stops_exec when the filter is in place. `slots` are the
// descriptors that steps refer to. It dies with this process
// (PR_SET_PDEATHSIG in prctl(2)). Not for a process with threads.
std::variant<Child, LaunchError> launch_child(const ChildOrder& order,
                                              const std::vector<Fd>& slots);

}  // namespace faultrig
