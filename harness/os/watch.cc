// One thread, one poll: the child's pidfd, our signals, its output, and a clock
// for samples. The child stays in the process group that we were started in and
// we leave it, so that a signal to the group (Ctrl-C, a runner that gives up)
// reaches the child once; what is sent to us alone is forwarded. Who leads a
// group cannot leave it: then what the terminal sends is not forwarded, since
// the child has it already.
//
// The number of open descriptors is the size of /proc/PID/fd since Linux 6.2:
// one stat(2), so that looking costs nothing that one could measure.
#include "harness/os/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <memory>
#include <utility>

#include "harness/os/scratch.h"
#include "harness/os/shim_launch.h"
#include "harness/os/shim_processes.h"
#include "harness/os/shim_signals.h"

namespace faultrig {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstLook{1};
constexpr milliseconds kLookEvery{50};
// A child that its parent has just killed is no survivor.
constexpr int kSettleTries = 20;
// A child dies with its witness at once (PR_SET_PDEATHSIG).
constexpr int kDyingTime = 1000;
constexpr timespec kSettleNap{0, 1'000'000};

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

nanoseconds span_of(const timeval& time) {
  return seconds(time.tv_sec) + microseconds(time.tv_usec);
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::int64_t open_descriptors(int pid) {
  std::string path = "/proc/" + std::to_string(pid) + "/fd";
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && status.st_size > 0) {
    return status.st_size;
  }
  std::unique_ptr<DIR, CloseFolder> folder(opendir(path.c_str()));
  std::int64_t count = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own
  while (dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    count += entry->d_name[0] == '.' ? 0 : 1;
  }
  return count;
}

class Watch {
 public:
  Watch(const WatchOrder& order, Fd signals, Relay relay, WatchGroup group)
      : order_(order),
        signals_(std::move(signals)),
        relay_(std::move(relay)),
        group_(std::move(group)) {}

  Result<> start(int group);
  void wait();
  Watched finish();

 private:
  void look();
  void take_signals();
  void forward(const signalfd_siginfo& seen);
  void reap_orphans() const;
  void reap();
  void flush();
  std::vector<int> survivors() const;
  void read_group();
  void leave_guard();
  [[noreturn]] void stand_guard(const Fd& witness);

  const WatchOrder& order_;
  Fd signals_;
  Relay relay_;
  WatchGroup group_;
  Child child_;
  Watched seen_;
  steady_clock::time_point launched_;
  bool together_ = false;  // we are in the child's process group
  bool interrupted_ = false;
  Fd guard_;  // closed without a word, it calls the guard
};

std::vector<ChildStep> steps_for(const WatchLimits& limits, std::size_t joins) {
  std::vector<ChildStep> steps;
  for (std::size_t slot = 0; slot < joins; ++slot) {
    steps.emplace_back(JoinCgroup{static_cast<int>(slot)});
  }
  if (limits.descriptors) {
    steps.emplace_back(
        SetRlimit{RLIMIT_NOFILE, *limits.descriptors, *limits.descriptors});
  }
  return steps;
}

Result<> Watch::start(int group) {
  together_ = group == getpid();
  TRY_ASSIGN(std::vector<Fd> slots, group_.join_fds());
  ChildOrder child{order_.argv, order_.env,
                   steps_for(order_.limits, slots.size()), group};
  if (!group_.exists()) {
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  }
  relay_.divert();
  launched_ = steady_clock::now();
  auto launched = launch_child(child, slots);
  relay_.restore();
  if (auto* failed = std::get_if<LaunchError>(&launched)) {
    return system_error(failed->step + " " + order_.argv[0], failed->os_errno);
  }
  child_ = std::move(std::get<Child>(launched));
  seen_.pid = child_.pid;
  return Ok{};
}

void Watch::look() {
  seen_.most_descriptors =
      std::max(seen_.most_descriptors, open_descriptors(child_.pid));
  if (group_.exists()) {
    auto now = static_cast<std::int64_t>(group_.members().size());
    seen_.most_processes = std::max(seen_.most_processes.value_or(1), now);
  }
}

void Watch::wait() {
  auto next_look = launched_ + kFirstLook;
  milliseconds gap = kFirstLook;
  for (;;) {
    std::vector<pollfd> waits{{child_.pidfd.get(), POLLIN, 0},
                              {signals_.get(), POLLIN, 0}};
    relay_.add_to(waits);
    auto left =
        std::chrono::ceil<milliseconds>(next_look - steady_clock::now());
    int timeout = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
    int ready = poll(waits.data(), waits.size(), timeout);
    if (ready > 0 && waits[1].revents != 0) {
      take_signals();
    }
    if (ready > 0) {
      relay_.take(waits.data() + 2);
    }
    if (ready > 0 && waits[0].revents != 0) {
      return;
    }
    if (steady_clock::now() >= next_look) {
      look();
      gap = std::min(gap * 2, kLookEvery);
      next_look = steady_clock::now() + gap;
    }
  }
}

void Watch::take_signals() {
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

void Watch::forward(const signalfd_siginfo& seen) {
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
  seen_.signals.push_back(std::move(passed));
  if (interrupted_ && !guard_) {
    leave_guard();
  }
}

// Who was asked to end and does not is often killed next, and `go test` would
// kill us, not the program: from now on somebody stands ready to tell.
void Watch::leave_guard() {
  auto ends = make_pipe(false);
  if (!ends || !order_.if_killed) {
    return;
  }
  if (fork() == 0) {
    ends->write.reset();
    stand_guard(ends->read);
  }
  guard_ = std::move(ends->write);
}

void Watch::stand_guard(const Fd& witness) {
  relay_.forget();
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
void Watch::reap_orphans() const {
  siginfo_t ended{};
  while (waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         ended.si_pid != 0 && ended.si_pid != child_.pid) {
    waitpid(ended.si_pid, nullptr, WNOHANG);
    ended.si_pid = 0;
  }
}

void Watch::reap() {
  rusage used{};
  int status = 0;
  while (wait4(child_.pid, &status, 0, &used) < 0 && errno == EINTR) {
  }
  seen_.status = WaitStatus(status);
  seen_.wall = steady_clock::now() - launched_;
  seen_.user = span_of(used.ru_utime);
  seen_.system = span_of(used.ru_stime);
  seen_.largest_process =
      Bytes{static_cast<std::uint64_t>(used.ru_maxrss) * 1024};
  rlimit limit{};
  if (getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_max != RLIM_INFINITY) {
    seen_.cpu_limit = limit.rlim_max;
  }
}

// What the child wrote before its end comes before its end: a reader that is
// slow is waited for, as the child would have. A signal ends our patience; what
// is left is then passed on by the process that stays behind.
void Watch::flush() {
  relay_.take_rest();
  while (!relay_.flushed() && !interrupted_) {
    std::vector<pollfd> waits{{signals_.get(), POLLIN, 0}};
    relay_.add_to(waits);
    if (poll(waits.data(), waits.size(), -1) > 0) {
      take_signals();
      relay_.take(waits.data() + 1);
    }
  }
}

std::vector<int> Watch::survivors() const {
  if (group_.exists()) {
    return group_.members();
  }
  reap_orphans();
  return has_children(getpid()) ? descendants_of(getpid()) : std::vector<int>();
}

void Watch::read_group() {
  seen_.oom_kills = group_.oom_kills();
  if (seen_.oom_kills.value_or(0) > 0) {
    seen_.memory_cap = group_.memory_cap();
  }
  seen_.peak_memory = group_.peak_memory();
  seen_.most_threads = group_.most_threads();
  seen_.forks_refused = group_.forks_refused();
}

Watched Watch::finish() {
  reap();
  if (guard_ && write(guard_.get(), "e", 1) < 0) {
    guard_.reset();  // no guard is there to be sent home
  }
  interrupted_ = false;
  flush();
  std::vector<int> left = survivors();
  for (int tries = 0; !left.empty() && tries < kSettleTries; ++tries) {
    nanosleep(&kSettleNap, nullptr);
    left = survivors();
  }
  for (int pid : left) {
    seen_.survivors.push_back({pid, command_of(pid)});
  }
  read_group();
  if (!group_.let_go()) {
    seen_.unknown.push_back(
        "the end of its cgroup: a process in it could not be moved out");
  }
  relay_.leave_behind();
  return std::move(seen_);
}

// Gives the process group that the child is to be in.
int step_out_of_group() {
  int group = getpgrp();
  if (group != getpid()) {
    setpgid(0, 0);
  }
  return group;
}

std::vector<std::string> what_is_unknown(const CgroupPlaces& places,
                                         const WatchGroup& group) {
  std::vector<std::string> unknown;
  if (!group.has_memory()) {
    unknown.push_back(
        "OOM kills, and the peak memory of all its processes together: " +
        (places.why_no_memory.empty() ? "no cgroup could be made"
                                      : places.why_no_memory));
  }
  if (!group.exists()) {
    unknown.push_back(
        "the number of processes at most: no cgroup is writable here");
  }
  return unknown;
}

}  // namespace

Result<Watched> watch(const WatchOrder& order) {
  TRY_ASSIGN(Relay relay, Relay::open(order.output));
  TRY_ASSIGN(Fd signals, block_all_signals());
  CgroupPlaces places = find_cgroup_places();
  remove_stale_cgroups({places.memory, places.pids, places.kill});
  TRY_ASSIGN(WatchGroup group,
             WatchGroup::make(places, owner_name(), order.limits));
  std::vector<std::string> unknown = what_is_unknown(places, group);
  Watch watch(order, std::move(signals), std::move(relay), std::move(group));
  TRY(watch.start(step_out_of_group()));
  watch.wait();
  Watched seen = watch.finish();
  seen.unknown.insert(seen.unknown.end(), unknown.begin(), unknown.end());
  return seen;
}

}  // namespace faultrig
