#include "harness/os/shim_signals.h"

#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace faultrig {

namespace {

// The size of the kernel's sigset_t; glibc's own calls leave two signals out.
constexpr std::size_t kKernelSet = _NSIG / 8;

}  // namespace

Result<Fd> take_all_signals(SignalState* before) {
  SignalState was;
  sigemptyset(&was.ignored);
  for (int number = 1; number <= SIGRTMAX; ++number) {
    // Fails for the few that cannot change: fine.
    if (signal(number, SIG_DFL) == SIG_IGN) {
      sigaddset(&was.ignored, number);
    }
  }
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &was.blocked);
  Fd signals(signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) {
    return system_error("make a signalfd", errno);
  }
  if (before != nullptr) {
    *before = was;
  }
  return signals;
}

void give_signals(const SignalState& state) {
  for (int number = 1; number <= SIGRTMAX; ++number) {
    if (sigismember(&state.ignored, number) == 1) {
      (void)signal(number, SIG_IGN);
    }
  }
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &state.blocked, nullptr, kKernelSet);
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
