#include "harness/os/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace faultrig {

namespace {

Result<Fd> take_signals(std::initializer_list<int> numbers) {
  sigset_t taken;
  sigemptyset(&taken);
  for (int number : numbers) {
    sigaddset(&taken, number);
  }
  pthread_sigmask(SIG_BLOCK, &taken, nullptr);
  Fd signals(signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) {
    return system_error("make a signalfd", errno);
  }
  return signals;
}

}  // namespace

Result<Fd> take_ending_signals() {
  (void)signal(SIGPIPE, SIG_IGN);
  // Whoever started us may have ignored it; then no child leaves a status.
  (void)signal(SIGCHLD, SIG_DFL);
  return take_signals({SIGINT, SIGTERM, SIGHUP, SIGCHLD});
}

Result<Fd> take_job_signals() { return take_signals({SIGCHLD, SIGCONT}); }

std::optional<int> next_signal(const Fd& signals) {
  signalfd_siginfo seen{};
  if (read(signals.get(), &seen, sizeof seen) != sizeof seen) {
    return std::nullopt;
  }
  return static_cast<int>(seen.ssi_signo);
}

}  // namespace faultrig
