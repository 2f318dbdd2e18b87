// What comes to us goes on to the child, and who is asked to end and does not
// is waited for by a guard.
#include <poll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "harness/os/live_watch.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

using std::chrono::steady_clock;

// A child dies with its witness at once (PR_SET_PDEATHSIG).
constexpr int kDyingTime = 1000;
// `go test` gives 5 s, and closes its ears when they are over.
constexpr int kDumpTime = 2000;
constexpr std::size_t kMostSignals = 1000;

std::string code_name(int code) {
  switch (code) {
    case SI_USER:
      return "SI_USER";
    case SI_TKILL:
      return "SI_TKILL";
    case SI_QUEUE:
      return "SI_QUEUE";
    case SI_KERNEL:
      return "SI_KERNEL";
    case SI_TIMER:
      return "SI_TIMER";
    default:
      return std::to_string(code);
  }
}

}  // namespace

void LiveWatch::take_signals() {
  signalfd_siginfo seen{};
  while (read(signals_.get(), &seen, sizeof seen) == sizeof seen) {
    auto number = static_cast<int>(seen.ssi_signo);
    auto sender = static_cast<int>(seen.ssi_pid);
    if (number == SIGCHLD && seen.ssi_code > 0) {
      reap_orphans();
    } else if (number != SIGPIPE || sender != getpid()) {
      forward(seen);  // a SIGPIPE of our own comes with EPIPE
    }
  }
}

void LiveWatch::forward(const signalfd_siginfo& seen) {
  auto number = static_cast<int>(seen.ssi_signo);
  bool of_terminal = together_ && seen.ssi_code == SI_KERNEL;
  if (!of_terminal) {
    (void)signal_pidfd(child_.pidfd.get(), number);
  } else if (number == SIGTSTP || number == SIGTTIN || number == SIGTTOU) {
    kill(getpid(), SIGSTOP);  // a shell waits for us to stop, not for the child
  }
  interrupted_ = number == SIGINT || number == SIGTERM || number == SIGHUP ||
                 number == SIGQUIT || interrupted_;
  PassedSignal passed;
  passed.at = steady_clock::now() - launched_;
  passed.number = number;
  passed.code = code_name(seen.ssi_code);
  bool from_process = seen.ssi_code <= 0 && seen.ssi_code != SI_TIMER;
  passed.pid = from_process ? static_cast<int>(seen.ssi_pid) : 0;
  passed.sender = passed.pid > 0 ? command_of(passed.pid) : "";
  if (seen_.signals.size() < kMostSignals) {
    seen_.signals.push_back(std::move(passed));
  }
  if (interrupted_ && !guard_) {
    leave_guard();
  }
}

// Who was asked to end and does not is often killed next, and `go test` would
// kill us, not the program: from now on somebody stands ready to tell.
void LiveWatch::leave_guard() {
  auto ends = make_pipe(false);
  if (!ends || !order_.if_killed || !order_.if_late) {
    return;
  }
  if (fork() == 0) {
    ends->write.reset();
    stand_guard(ends->read);
  }
  guard_ = std::move(ends->write);
}

void LiveWatch::stand_guard(const Fd& witness) {
  relay_.forget();
  pollfd silence{witness.get(), POLLIN, 0};
  bool asked_to_dump = seen_.signals.back().number == SIGQUIT;
  if (asked_to_dump && poll(&silence, 1, kDumpTime) == 0) {
    order_.if_late(seen_.signals.back());
  }
  char word = 0;
  if (read(witness.get(), &word, 1) == 1) {
    // What a destructor would do here is the witness's to do.
    _exit(0);
  }
  wait_ended(child_.pidfd.get(), kDyingTime);
  seen_.status = WaitStatus::of_signal(SIGKILL);
  seen_.with_witness = true;
  seen_.wall = steady_clock::now() - launched_;
  read_group();
  group_.let_go();
  order_.if_killed(seen_);
  _exit(0);
}

// As a subreaper we have children that we did not start.
void LiveWatch::reap_orphans() const {
  siginfo_t ended{};
  while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid != 0 && ended.si_pid != child_.pid) {
    waitpid(ended.si_pid, nullptr, WNOHANG);
    ended.si_pid = 0;
  }
}

}  // namespace faultrig
