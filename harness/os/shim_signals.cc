#include "harness/os/shim_signals.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace faultrig {

Result<Fd> block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, nullptr);
  Fd signals(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) {
    return system_error("make a signalfd", errno);
  }
  return signals;
}

Result<Fd> take_all_signals() {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    (void)signal(number,
                 SIG_DFL);  // fails for the few that cannot change: fine
  }
  return block_all_signals();
}

void end_like(WaitStatus status) {
  if (status.killed()) {
    rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, status.signal());
    (void)signal(status.signal(), SIG_DFL);
    kill(getpid(), status.signal());
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    _exit(128 + status.signal());
  }
  _exit(status.exit_code());
}

}  // namespace faultrig
