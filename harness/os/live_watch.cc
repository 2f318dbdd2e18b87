// The number of open descriptors is the size of /proc/PID/fd since Linux 6.2:
// one stat(2), so that looking costs nothing that one could measure.
#include "harness/os/live_watch.h"

#include <dirent.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <memory>
#include <utility>

#include "harness/os/shim_processes.h"

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
constexpr timespec kSettleNap{0, 1'000'000};

nanoseconds span_of(const timeval& time) {
  return seconds(time.tv_sec) + microseconds(time.tv_usec);
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::int64_t descriptors_of(int pid) {
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

}  // namespace

Result<> LiveWatch::start(int group, const SignalState& signals) {
  together_ = group == getpid() || group == kSameGroup;
  TRY_ASSIGN(std::vector<Fd> slots, group_.join_fds());
  ChildOrder child{order_.argv, order_.env,
                   steps_for(order_.limits, slots.size()), group, signals};
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

void LiveWatch::look() {
  if (order_.at_look) {
    order_.at_look();
  }
  seen_.most_descriptors =
      std::max(seen_.most_descriptors, descriptors_of(child_.pid));
  if (group_.exists()) {
    auto now = static_cast<std::int64_t>(group_.members().size());
    seen_.most_processes = std::max(seen_.most_processes.value_or(1), now);
  }
}

void LiveWatch::wait() {
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

void LiveWatch::reap() {
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
void LiveWatch::flush() {
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

std::vector<int> LiveWatch::survivors() const {
  if (group_.exists()) {
    return group_.members();
  }
  reap_orphans();
  return has_children(getpid()) ? descendants_of(getpid()) : std::vector<int>();
}

void LiveWatch::read_group() {
  seen_.oom_kills = group_.oom_kills();
  if (seen_.oom_kills.value_or(0) > 0) {
    seen_.memory_cap = group_.memory_cap();
  }
  seen_.peak_memory = group_.peak_memory();
  seen_.most_threads = group_.most_threads();
  seen_.forks_refused = group_.forks_refused();
}

Watched LiveWatch::finish() {
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
  (void)relay_.leave_behind();
  return std::move(seen_);
}

}  // namespace faultrig
