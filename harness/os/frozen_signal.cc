#include "harness/os/frozen_signal.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "harness/os/proc_status.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

bool first_would_take(int pid, int signal) {
  auto stat = stat_of(pid);
  if (!stat || stat->exiting || stat->state == 'Z') {
    return false;
  }
  auto blocked = number_in_status(proc_status(pid), "SigBlk", 16);
  return blocked && ((*blocked >> (signal - 1)) & 1) == 0;
}

}  // namespace

Result<bool> signal_frozen(int pid, int pidfd, int signal) {
  if (first_would_take(pid, signal)) {
    if (syscall(SYS_tgkill, pid, pid, signal) == 0) {
      return true;
    }
    if (errno != ESRCH) {
      return system_error("send a signal", errno);
    }
  }
  return signal_pidfd(pidfd, signal);
}

}  // namespace faultrig
