#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

// Who a process is, as the kernel tells it: which file it runs, whom it
// descends from, who traces it.
namespace faultrig {

// The process that made the other end of a unix socket, pinned: while `pidfd`
// is open and has not ended, `pid` is no other process.
struct Peer {
  int pid = 0;
  Fd pidfd;
};

// SO_PEERPIDFD in unix(7) or, before Linux 6.5, SO_PEERCRED and pidfd_open(2).
// Fails if it has gone, or lives where we have no number for it. Before 6.5 the
// number may have become that of another, which then lives when this returns.
Result<Peer> peer_of(const Fd& connection);

// Does this process run the file at `path`, by device and inode
// (/proc/PID/exe)? False too where we may not look.
bool runs_file(int pid, const std::string& path);

// The parent of `pid`, its parent, and so on, up to `ancestor` and without it.
// Nothing if it does not descend from there. A parent that started later than
// its child is one whose number was used again: no parent.
std::optional<std::vector<int>> parents_below(int ancestor, int pid);

// Who traces this process (TracerPid in proc_pid_status(5)); 0: nobody, or it
// is gone.
int tracer_of(int pid);

// Has this task been sent SIGKILL and not yet died of it (SigPnd and ShdPnd in
// proc_pid_status(5))? False too where it is gone.
bool has_been_killed(int tid);

}  // namespace faultrig
