#include "harness/os/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace faultrig {

Result<Fd> take_ending_signals() {
  (void)signal(SIGPIPE, SIG_IGN);
  sigset_t ending;
  sigemptyset(&ending);
  for (int number : {SIGINT, SIGTERM, SIGHUP}) {
    sigaddset(&ending, number);
  }
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  Fd signals(signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!signals) {
    return system_error("make a signalfd", errno);
  }
  return signals;
}

std::optional<int> next_signal(const Fd& signals) {
  signalfd_siginfo seen{};
  if (read(signals.get(), &seen, sizeof seen) != sizeof seen) {
    return std::nullopt;
  }
  return static_cast<int>(seen.ssi_signo);
}

}  // namespace faultrig
