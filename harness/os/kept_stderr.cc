// timeout(1) signals its process group, and go has no handler for SIGTERM: it
// is gone when its test is, or a moment later. Nobody is left then to show what
// came through its pipes. Its stderr is opened anew by /proc/PID/fd
// (proc_pid_fd(5)); a pipe stays open for its reader as long as we hold it.
#include "harness/os/kept_stderr.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "harness/os/shim_processes.h"

namespace faultrig {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

KeptStderr::KeptStderr(Fd process, Fd file)
    : process_(std::move(process)), file_(std::move(file)) {}

Result<KeptStderr> KeptStderr::of(int pid) {
  TRY_ASSIGN(Fd process, open_pidfd(pid));
  TRY_ASSIGN(Fd file,
             open_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/fd/2",
                       O_WRONLY | O_APPEND | O_NOCTTY | O_NONBLOCK));
  return KeptStderr(std::move(process), std::move(file));
}

bool KeptStderr::owner_ended(milliseconds patience) const {
  pollfd end{process_.get(), POLLIN, 0};
  return poll(&end, 1, static_cast<int>(patience.count())) > 0;
}

void KeptStderr::let_go_behind(milliseconds longest) {
  if (!file_ || !owner_ended(milliseconds(0))) {
    return;
  }
  auto now = steady_clock::now();
  ended_ = ended_.value_or(now);
  if (now - *ended_ >= longest) {
    file_.reset();
  }
}

Result<> KeptStderr::write(const std::string& text) const {
  if (!file_) {
    return system_error("write to the stderr of a process that has ended",
                        EBADF);
  }
  ssize_t put = ::write(file_.get(), text.data(), text.size());
  if (put != static_cast<ssize_t>(text.size())) {
    return system_error("write to the stderr of a process that has ended",
                        put < 0 ? errno : ENOSPC);
  }
  return Ok{};
}

}  // namespace faultrig
