// A signal that comes before exec hits the shim's child, one that comes after
// may find a handler: between the two there is one instant, which execve(2)
// itself makes known to a tracer. After PTRACE_TRACEME the new program gets a
// SIGTRAP before its first instruction (ptrace(2)), and stops for its parent;
// signals sent meanwhile stay pending, with the new program's dispositions, and
// are delivered when it is let go. PTRACE_DETACH leaves no trace of it.
//
// The surprise: a tracee stops for every signal, and only its tracer can make
// it go on. So the child is forked, never vforked: a parent that sleeps until
// exec could not. And a set-user-ID program gives no rights to one that is
// traced by an ordinary user (execve(2)).
#include "harness/os/shim_hold.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace faultrig {

namespace {

// exec's SIGTRAP is one that the program seems to have sent to itself, by the
// number that it has in its own namespace.
bool is_exec_stop(int pid, int signal) {
  siginfo_t sent{};
  return signal == SIGTRAP &&
         ptrace(PTRACE_GETSIGINFO, pid, nullptr, &sent) == 0 &&
         sent.si_code == SI_USER && (sent.si_pid == pid || sent.si_pid == 1);
}

bool wait_for(int pid, int options, siginfo_t& seen) {
  int done = 0;
  do {
    done = waitid(P_PID, static_cast<id_t>(pid), &seen, options);
  } while (done != 0 && errno == EINTR);
  return done == 0;
}

}  // namespace

int hold_at_exec() {
  return syscall(SYS_ptrace, PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0
                                                                       : errno;
}

void take_trap() {
  sigset_t trap;
  sigemptyset(&trap);
  sigaddset(&trap, SIGTRAP);
  pthread_sigmask(SIG_UNBLOCK, &trap, nullptr);
}

bool await_hold(int pid) {
  siginfo_t seen{};
  while (wait_for(pid, WEXITED | WSTOPPED | WNOWAIT, seen)) {
    bool stopped = seen.si_code == CLD_TRAPPED || seen.si_code == CLD_STOPPED;
    if (!stopped || !wait_for(pid, WSTOPPED, seen)) {
      return false;
    }
    int signal = seen.si_status & 0x7f;
    if (is_exec_stop(pid, signal)) {
      return true;
    }
    // Not ours: it has the effect that it would have had.
    ptrace(PTRACE_CONT, pid, nullptr, signal);
  }
  return false;
}

void let_go(int pid) { ptrace(PTRACE_DETACH, pid, nullptr, nullptr); }

}  // namespace faultrig
