#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// CLOCK_MONOTONIC, the clock of traces. May be asked after fork.
std::int64_t monotonic_ns();

// A pidfd for a live or unreaped process (pidfd_open(2)).
Result<Fd> open_pidfd(int pid);

// Signals through a pidfd: false if the process is gone (ESRCH).
Result<bool> signal_pidfd(int pidfd, int signal);

// Has the process behind this pidfd ended (reaped or not)?
bool has_ended(int pidfd);

// Waits until the process behind `pidfd` has ended, at most so many
// milliseconds. False: it still lives.
bool wait_ended(int pidfd, int milliseconds);

// The pids of all live descendants of `root`, from /proc/*/stat; zombies are
// left out, children that /proc hides from us are not. Not atomic: call until
// it stays empty.
std::vector<int> descendants_of(int root);

// Does this process (of one thread) have children, zombies included? Looks at
// /proc/PID/task/PID/children; true where the kernel has no such file.
bool has_children(int pid);

// The command line of a process, blanks between words; `[name]` if it has none,
// empty if it is gone (proc_pid_cmdline(5)).
std::string command_of(int pid);

// Continues a child of ours that has been stopped since we last asked
// (WSTOPPED in waitid(2)). False: it was not.
bool continue_if_stopped(int child);

// Continues our parent if it is stopped and we are not: whoever stops a job
// (Ctrl-Z) stops both.
void keep_parent_going();

// kill(2) to the process group `group`. False: nobody is in it.
bool signal_group(int group, int signal);

// The parent, the process group and the start time (clock ticks since boot) of
// a process, and whether it is on its way out (PF_EXITING), which it is for a
// while before it is a zombie; nothing if it is gone (proc_pid_stat(5)).
struct ProcessStat {
  int ppid = 0;
  int group = 0;
  char state = '?';
  bool exiting = false;
  unsigned long long start = 0;
};
std::optional<ProcessStat> stat_of(int pid);

// Sends a signal to each of these; gives pidfds of those it reached.
std::vector<Fd> signal_all(const std::vector<int>& pids, int signal);

// Waits for the end of each, at most so many milliseconds for all of them: the
// frozen do not die.
void await_all(const std::vector<Fd>& dying, int milliseconds);

// SIGKILLs every descendant of `root` and waits for it, again and again, whole
// process groups first (kill(2) reaches all of one before any can fork), those
// that are left stopped first so that they do not fork. Ends when none is left,
// when `milliseconds` have passed, or when nobody left may be signalled (EPERM:
// a setuid program). False: some survived.
bool kill_descendants(int root, int milliseconds);

}  // namespace faultrig
