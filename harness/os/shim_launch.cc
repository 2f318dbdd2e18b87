// vfork semantics without vfork: clone(2) with CLONE_VM | CLONE_VFORK and a
// stack of its own costs as little as vfork(2) (no page tables are copied, the
// parent sleeps until exec), and two more flags carry what we need back:
// CLONE_PIDFD, and CLONE_FILES, through which the seccomp listener that the
// child opens appears in our own descriptor table. So the child makes no call
// at all between loading its filter and exec; exec unshares the table again.
//
// A filter that stops execve itself would wait for a supervisor that cannot
// hear of it while we sleep. For that case the child is forked, reports over a
// shared page, and its listener is copied from it (pidfd_getfd(2)). So is one
// that takes a user namespace for its disk or its network: while it shares our
// memory, which nobody may look into, its own /proc/self/uid_map is closed to
// it. One to be held at its exec is forked too (shim_hold.cc), but shares
// descriptors.
#include "harness/os/shim_launch.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "harness/os/shim_disk.h"
#include "harness/os/shim_hold.h"
#include "harness/os/shim_mounts.h"
#include "harness/os/shim_network.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_steps.h"
#include "harness/os/shim_user.h"

namespace faultrig {

namespace {

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

constexpr std::size_t kStackSize = std::size_t{64} * 1024;
constexpr timespec kNap{0, 200'000};

enum class Stage : int { steps, lent, filter_loaded, execed };

// What the child tells the parent: shared memory in both ways of starting.
struct Report {
  volatile int failed_step = -1;
  volatile int os_errno = 0;
  volatile int listener = -1;
  DiskFds disk = kNoDisk;
  NetworkFds network = kNoNetwork;
  // Told to a child that lends its descriptors: the next thing it may do.
  volatile int may_go_on = 0;
  volatile int stage = static_cast<int>(Stage::steps);
  volatile std::int64_t exec_ns = 0;
};

// Everything the child needs, prepared before it exists: it allocates nothing.
struct Job {
  std::vector<char*> argv;
  std::vector<char*> env;
  const std::vector<ChildStep>* steps;
  const std::vector<Fd>* slots;
  const SignalState* signals;
  Report* report;
  pid_t parent;
  pid_t group;
  int closed_before;
  bool copied;  // its listener will be
  bool hold;
  bool own_pids;  // it sees no parent
  bool own_user;
  bool lends;  // what it made is copied before its exec closes it
  User user;   // we
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

// A page that a forked child shares; unmapped when the next child starts.
Report* shared_report() {
  static void* const page =  // NOLINT: one page for the life of the process
      mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? nullptr : static_cast<Report*>(page);
}

// ---- From here to run_child: after fork, raw calls only (signal-safety(7)).

int do_step(const JoinCgroup& step, const Job& job, Report&) {
  const Fd& file = (*job.slots)[static_cast<std::size_t>(step.slot)];
  return write(file.get(), "0", 1) == 1 ? 0 : errno;
}

int do_step(const SetRlimit& step, const Job&, Report&) {
  rlimit limit{step.soft, step.hard};
  return setrlimit(static_cast<__rlimit_resource>(step.resource), &limit) == 0
             ? 0
             : errno;
}

int do_step(const EnterFolder& step, const Job&, Report&) {
  return chdir(step.path.c_str()) == 0 ? 0 : errno;
}

int do_step(const NoexecFolder& step, const Job&, Report&) {
  return forbid_exec_below(step.path.c_str());
}

int do_step(const OwnNetwork&, const Job&, Report&) { return make_network(); }

int do_step(const EnterNetwork& step, const Job& job, Report&) {
  const Fd& network = (*job.slots)[static_cast<std::size_t>(step.slot)];
  return setns(network.get(), CLONE_NEWNET) == 0 ? 0 : errno;
}

int do_step(const OwnUser&, const Job& job, Report&) {
  return stay_user(job.user);
}

int do_step(const MountDisk& step, const Job&, Report& report) {
  return mount_disk(step, report.disk);
}

int do_step(const MountImage& step, const Job&, Report&) {
  return mount_over(step.device.c_str(), step.path.c_str(), step.type.c_str());
}

int do_step(const RuleNetwork& step, const Job&, Report& report) {
  return rule_network(step, report.network);
}

int do_step(const EnterDisk& step, const Job& job, Report&) {
  auto number = [&](int slot) {
    return slot < 0 ? -1 : (*job.slots)[static_cast<std::size_t>(slot)].get();
  };
  return enter_disk(number(step.users), number(step.mounts));
}

// Done by clone(2).
int do_step(const OwnPids&, const Job&, Report&) { return 0; }

int do_step(const InstallFilter& step, const Job&, Report& report) {
  if (step.no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return errno;
  }
  sock_fprog program{};
  program.len =
      static_cast<unsigned short>(step.program.size() / sizeof(sock_filter));
  program.filter =
      reinterpret_cast<sock_filter*>(const_cast<char*>(step.program.data()));
  unsigned long flags = 0;
  if (step.listener) {
    flags = SECCOMP_FILTER_FLAG_NEW_LISTENER |
            SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
  }
  long got = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  if (got < 0) {
    return errno;
  }
  if (step.listener) {
    report.listener = static_cast<int>(got);
  }
  return 0;
}

// Before there is a filter, under which no call is free.
void lend(const Job& job, Report& report) {
  if (!job.lends || report.stage >= static_cast<int>(Stage::lent)) {
    return;
  }
  report.stage = static_cast<int>(Stage::lent);
  while (report.may_go_on < static_cast<int>(Stage::filter_loaded)) {
    nanosleep(&kNap, nullptr);
  }
}

[[noreturn]] void give_up(Report& report, int step, int os_errno) {
  report.os_errno = os_errno;
  report.failed_step = step;
  _exit(127);
}

int run_child(void* argument) {
  const Job& job = *static_cast<const Job*>(argument);
  Report& report = *job.report;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (job.copied) {
    close(job.closed_before);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // its listener is to be copied
  }
  if (!job.own_pids && getppid() != job.parent) {
    // The parent died before the line above; or does not know its own pid.
    give_up(report, static_cast<int>(job.steps->size()) + 1, ESRCH);
  }
  if (int refused = job.hold ? hold_at_exec() : 0; refused != 0) {
    give_up(report, static_cast<int>(job.steps->size()) + 2, refused);
  }
  give_signals(*job.signals);
  if (job.hold) {
    take_trap();
  }
  if (job.group != kSameGroup) {
    setpgid(0, job.group);
  }
  int number = 0;
  for (const ChildStep& step : *job.steps) {
    if (std::holds_alternative<InstallFilter>(step)) {
      lend(job, report);
    }
    int failed = std::visit(
        [&](const auto& one) { return do_step(one, job, report); }, step);
    if (failed != 0) {
      give_up(report, number, failed);
    }
    ++number;
  }
  lend(job, report);
  report.exec_ns = monotonic_ns();
  report.stage = static_cast<int>(Stage::filter_loaded);
  // Its exec closes the listener, and under its filter no call is free.
  while (job.own_user && report.may_go_on < static_cast<int>(Stage::execed)) {
    __builtin_ia32_pause();
  }
  execve(job.argv[0], job.argv.data(), job.env.data());
  give_up(report, static_cast<int>(job.steps->size()), errno);
}

// ---- The parent again.

// Until a forked child has come so far, given up, or been killed before that: a
// capped cgroup may have no room for its pages.
void await(Stage stage, const Report& report, const Fd& pidfd) {
  bool ended = false;
  while (!ended && report.stage < static_cast<int>(stage) &&
         report.failed_step < 0) {
    pollfd wait{pidfd.get(), POLLIN, 0};
    ended = ppoll(&wait, 1, &kNap, nullptr) == 1;
  }
}

struct Cloned {
  pid_t pid = -1;
  int pidfd = -1;
  int os_errno = 0;
};

int clone_flags(const Job& job) {
  int flags = CLONE_PIDFD | SIGCHLD;
  flags |= job.copied ? 0 : CLONE_FILES;
  flags |= job.own_pids ? CLONE_NEWPID : 0;
  flags |= job.own_user ? CLONE_NEWUSER : 0;
  return flags | (job.copied || job.hold ? 0 : CLONE_VM | CLONE_VFORK);
}

Cloned clone_child(Job& job) {
  static std::array<char, kStackSize> stack;  // NOLINT: one child at a time
  Cloned out;
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  out.pid = clone(run_child, stack.data() + stack.size(), clone_flags(job),
                  &job, &out.pidfd);
  out.os_errno = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return out;
}

// What has this number at the child, by its number among our descriptors; -1:
// there is none. A child that has a table of its own lends it.
Result<Fd> fetch(int number, const Job& job, const Fd& pidfd) {
  if (!job.copied || number < 0) {
    return Fd(number);
  }
  Fd copy(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd.get(), number, 0)));
  if (!copy) {
    // Nobody will ever answer its exec.
    int refused = errno;
    syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
    return system_error("pidfd_getfd", refused);
  }
  return copy;
}

template <typename Numbers>
Result<> fetch_all(const Numbers& numbers, const Job& job, const Fd& pidfd,
                   std::vector<Fd>& got) {
  for (int number : numbers) {
    TRY_ASSIGN(Fd one, fetch(number, job, pidfd));
    if (one) {
      got.push_back(std::move(one));
    }
  }
  return Ok{};
}

// One that has given up lends nothing more.
Result<> fetch_lent(const Report& report, const Job& job, Child& child) {
  if (job.copied && report.failed_step >= 0) {
    return Ok{};
  }
  TRY(fetch_all(report.disk, job, child.pidfd, child.disk));
  return fetch_all(report.network, job, child.pidfd, child.network);
}

void reset(Report& report) {
  report.failed_step = -1;
  report.os_errno = 0;
  report.listener = -1;
  report.disk = kNoDisk;
  report.network = kNoNetwork;
  report.may_go_on = 0;
  report.stage = static_cast<int>(Stage::steps);
  report.exec_ns = 0;
}

}  // namespace

std::variant<Child, LaunchError> launch_child(const ChildOrder& order,
                                              const std::vector<Fd>& slots) {
  bool copied = stops_exec(order.steps) || has_own_user(order.steps);
  Report local;
  Report* report = copied || order.hold ? shared_report() : &local;
  if (report == nullptr) {
    return LaunchError{"share a page", ENOMEM};
  }
  reset(*report);
  Job job{pointers(order.argv),
          pointers(order.env),
          &order.steps,
          &slots,
          &order.signals,
          report,
          getpid(),
          order.group,
          order.closed_before,
          copied,
          order.hold,
          has_own_pids(order.steps),
          has_own_user(order.steps),
          copied && lends(order.steps),
          {geteuid(), getegid()}};
  Cloned cloned = clone_child(job);
  if (cloned.pid < 0) {
    return LaunchError{"clone", cloned.os_errno};
  }
  Child child;
  child.pid = cloned.pid;
  child.pidfd = Fd(cloned.pidfd);
  if (job.lends) {
    await(Stage::lent, *report, child.pidfd);
  } else if (order.hold && !copied) {
    child.held = await_hold(child.pid);
  }
  if (auto taken = fetch_lent(*report, job, child); !taken) {
    return LaunchError{"copy what was made by", taken.error().os_errno};
  }
  report->may_go_on = static_cast<int>(Stage::filter_loaded);
  if (copied) {
    await(Stage::filter_loaded, *report, child.pidfd);
  }
  auto listener = fetch(report->listener, job, child.pidfd);
  if (!listener) {
    return LaunchError{"copy the seccomp listener for",
                       listener.error().os_errno};
  }
  child.listener = std::move(*listener);
  report->may_go_on = static_cast<int>(Stage::execed);
  child.exec_ns = report->exec_ns;
  if (report->failed_step >= 0) {
    // The zombie is left to the caller's reaping of unknown children.
    return LaunchError{step_name(order.steps, report->failed_step),
                       report->os_errno};
  }
  return child;
}

}  // namespace faultrig
