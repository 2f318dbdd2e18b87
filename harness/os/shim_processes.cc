#include "harness/os/shim_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/whole_number.h"

namespace faultrig {

namespace {

constexpr unsigned long long kExiting = 0x4;  // PF_EXITING, linux/sched.h

// Who cannot be reached so often (EPERM: it runs as another user) never will.
constexpr int kMostInVain = 20;

std::int64_t milliseconds_now() { return monotonic_ns() / 1'000'000; }

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::vector<int> all_pids() {
  std::vector<int> pids;
  std::unique_ptr<DIR, CloseFolder> folder(opendir("/proc"));
  if (!folder) {
    return pids;
  }
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own
  while (dirent* entry = readdir(folder.get())) {
    auto pid = whole_number<int>(entry->d_name);
    if (pid.value_or(0) > 0) {
      pids.push_back(*pid);
    }
  }
  return pids;
}

void nap() {
  constexpr timespec kNap{0, 5'000'000};
  nanosleep(&kNap, nullptr);
}

// hidepid (proc(5)) leaves out what runs as another user, such as a setuid
// program; the list of a parent's children names it all the same.
std::vector<int> hidden_children_of(int root) {
  std::vector<int> hidden;
  std::string number = std::to_string(root);
  auto text =
      read_file(AT_FDCWD, "/proc/" + number + "/task/" + number + "/children");
  const char* at = text ? text->c_str() : "";
  for (char* next = nullptr;; at = next) {
    auto pid = static_cast<int>(strtol(at, &next, 10));
    if (next == at) {
      return hidden;
    }
    bool alive = kill(pid, 0) == 0 || errno != ESRCH;
    if (alive && !stat_of(pid)) {
      hidden.push_back(pid);
    }
  }
}

// What forks faster than it is killed cannot fork while it is stopped.
void stop_descendants(int root) {
  std::unordered_set<int> stopped;
  for (bool fresh = true; fresh;) {
    fresh = false;
    for (int pid : descendants_of(root)) {
      if (stopped.insert(pid).second) {
        fresh = !signal_all({pid}, SIGSTOP).empty() || fresh;
      }
    }
  }
}

// A group has members of one session only (setpgid(2)), and the sessions below
// `root` begin there: nobody else is in a group other than the root's own. A
// leader that lives elsewhere would say that this is not so.
void kill_groups(const std::vector<int>& pids, int root) {
  std::unordered_set<int> members(pids.begin(), pids.end());
  std::unordered_set<int> done{getpgrp()};
  if (auto stat = stat_of(root)) {
    done.insert(stat->group);
  }
  for (int pid : pids) {
    auto stat = stat_of(pid);
    if (stat && done.insert(stat->group).second &&
        (members.count(stat->group) > 0 || !stat_of(stat->group))) {
      (void)signal_group(stat->group, SIGKILL);
    }
  }
}

bool is_below(int pid, int root, const std::unordered_map<int, int>& parents) {
  for (int hops = 0; hops < 4096; ++hops) {
    auto parent = parents.find(pid);
    if (parent == parents.end()) {
      return false;
    }
    if (parent->second == root) {
      return true;
    }
    pid = parent->second;
  }
  return false;
}

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

Result<Fd> open_pidfd(int pid) {
  Fd file(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!file) {
    return system_error("open a pidfd of " + std::to_string(pid), errno);
  }
  return file;
}

Result<bool> signal_pidfd(int pidfd, int signal) {
  if (syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0) {
    return true;
  }
  if (errno == ESRCH) {
    return false;
  }
  return system_error("send a signal", errno);
}

bool wait_ended(int pidfd, int milliseconds) {
  pollfd wait{pidfd, POLLIN, 0};
  int got = poll(&wait, 1, milliseconds);
  return got == 1 && (wait.revents & (POLLIN | POLLHUP)) != 0;
}

bool has_ended(int pidfd) { return wait_ended(pidfd, 0); }

std::optional<ProcessStat> stat_of(int pid) {
  auto text =
      read_file(AT_FDCWD, "/proc/" + std::to_string(pid) + "/stat", 4096);
  // The second field is a name that may hold blanks and brackets: the fields
  // behind it start at the last bracket.
  std::size_t end = text ? text->rfind(')') : std::string::npos;
  if (end == std::string::npos || end + 2 >= text->size()) {
    return std::nullopt;
  }
  ProcessStat out;
  out.state = (*text)[end + 2];
  const char* at = text->c_str() + end + 3;
  for (int field = 4; field <= 22; ++field) {
    char* next = nullptr;
    unsigned long long value = strtoull(at, &next, 10);
    out.ppid = field == 4 ? static_cast<int>(value) : out.ppid;
    out.group = field == 5 ? static_cast<int>(value) : out.group;
    out.exiting = field == 9 ? (value & kExiting) != 0 : out.exiting;
    out.start = field == 22 ? value : out.start;
    at = next;
  }
  return out;
}

bool has_children(int pid) {
  std::string number = std::to_string(pid);
  auto text =
      read_file(AT_FDCWD, "/proc/" + number + "/task/" + number + "/children");
  return !text || !text->empty();
}

std::string command_of(int pid) {
  std::string folder = "/proc/" + std::to_string(pid);
  auto line = read_file(AT_FDCWD, folder + "/cmdline", 4096);
  if (!line || line->empty()) {
    auto name = read_file(AT_FDCWD, folder + "/comm", 64);
    return name && !name->empty()
               ? "[" + name->substr(0, name->size() - 1) + "]"
               : "";
  }
  std::replace(line->begin(), line->end(), '\0', ' ');
  while (line->ends_with(' ')) {
    line->pop_back();
  }
  return *line;
}

bool continue_if_stopped(int child) {
  siginfo_t seen{};
  int got = waitid(P_PID, static_cast<id_t>(child), &seen, WSTOPPED | WNOHANG);
  return got == 0 && seen.si_pid == child && kill(child, SIGCONT) == 0;
}

void keep_parent_going() {
  auto parent = stat_of(getppid());
  if (parent && parent->state == 'T') {
    (void)kill(getppid(), SIGCONT);
  }
}

bool signal_group(int group, int signal) {
  return group > 1 && kill(-group, signal) == 0;
}

std::vector<int> descendants_of(int root) {
  std::unordered_map<int, int> parents;
  std::vector<int> alive = hidden_children_of(root);
  for (int hidden : alive) {
    parents[hidden] = root;
  }
  for (int pid : all_pids()) {
    if (auto stat = stat_of(pid)) {
      parents[pid] = stat->ppid;
      if (stat->state != 'Z' && stat->state != 'X') {
        alive.push_back(pid);
      }
    }
  }
  std::erase_if(alive, [&](int pid) { return !is_below(pid, root, parents); });
  return alive;
}

std::vector<Fd> signal_all(const std::vector<int>& pids, int signal) {
  std::vector<Fd> reached;
  for (int pid : pids) {
    auto pidfd = open_pidfd(pid);
    if (pidfd && signal_pidfd(pidfd->get(), signal).value_or(false)) {
      reached.push_back(std::move(pidfd).value());
    }
  }
  return reached;
}

void await_all(const std::vector<Fd>& dying, int milliseconds) {
  std::int64_t until = milliseconds_now() + milliseconds;
  for (const Fd& pidfd : dying) {
    std::int64_t left = until - milliseconds_now();
    wait_ended(pidfd.get(), static_cast<int>(std::max<std::int64_t>(left, 0)));
  }
}

bool kill_descendants(int root, int milliseconds) {
  std::int64_t until = milliseconds_now() + milliseconds;
  int in_vain = 0;
  for (int round = 0;; ++round) {
    if (round > 0) {
      stop_descendants(root);
    }
    std::vector<int> pids = descendants_of(root);
    if (pids.empty()) {
      return true;
    }
    kill_groups(pids, root);
    std::vector<Fd> reached = signal_all(pids, SIGKILL);
    await_all(reached, 100);
    in_vain = reached.empty() ? in_vain + 1 : 0;
    if (in_vain >= kMostInVain || milliseconds_now() >= until) {
      return false;
    }
    if (reached.empty()) {
      nap();
    }
  }
}

}  // namespace faultrig
