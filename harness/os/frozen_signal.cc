#include "harness/os/frozen_signal.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/base/whole_number.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

constexpr std::string_view kBlocked = "SigBlk:\t";

// By proc_pid_status(5), whose signals are those of the first thread.
bool first_would_take(int pid, int signal) {
  auto stat = stat_of(pid);
  auto text =
      read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/status", 16384);
  if (!stat || stat->exiting || stat->state == 'Z' || !text) {
    return false;
  }
  for (std::string_view line : lines_of(*text)) {
    if (line.starts_with(kBlocked)) {
      auto mask = whole_number<std::uint64_t>(line.substr(kBlocked.size()), 16);
      return mask && ((*mask >> (signal - 1)) & 1) == 0;
    }
  }
  return false;
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
