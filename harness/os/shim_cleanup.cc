// What a dead faultrig leaves is removed by the same code that a living one
// uses. rmdir(2) on a cgroup answers EBUSY for a millisecond or two while a
// killed process is still being taken apart, so it is tried again.
#include "harness/os/shim_cleanup.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <optional>

#include "harness/base/fd.h"
#include "harness/os/shim_mounts.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

using std::chrono::steady_clock;
namespace fs = std::filesystem;

constexpr int kRemoveTries = 200;
constexpr int kTurn = 100;  // milliseconds until a kill is repeated
// A setuid program answers no signal of ours however often it is sent.
constexpr int kMostInVain = 20;

void nap() {
  constexpr timespec kNap{0, 1'000'000};
  nanosleep(&kNap, nullptr);
}

std::vector<std::string> with_children(const std::string& path) {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator at(path, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_directory(failed) && !at->is_symlink(failed)) {
      for (std::string& child : with_children(at->path().string())) {
        out.push_back(std::move(child));
      }
    }
  }
  out.push_back(path);
  return out;
}

bool write_value(const std::string& file, const char* value) {
  return write_file(AT_FDCWD, file, value).has_value();
}

std::vector<int> members_below(const std::string& path) {
  std::vector<int> pids;
  for (const std::string& group : with_children(path)) {
    for (int pid : members_of(group)) {
      pids.push_back(pid);
    }
  }
  return pids;
}

// `populated 0` in cgroup.events: nobody in the group or below, the zombies
// left aside (cgroups(7)). Nothing: v1 has no such file.
std::optional<bool> is_populated(int events) {
  char text[256];
  ssize_t got = pread(events, text, sizeof text - 1, 0);
  if (got < 0) {
    return std::nullopt;
  }
  text[got] = '\0';
  return strstr(text, "populated 1") != nullptr;
}

int milliseconds_to(steady_clock::time_point until) {
  auto left =
      std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

// The kernel notifies of each change of cgroup.events as POLLPRI.
bool wait_unpopulated(int events, steady_clock::time_point until) {
  while (is_populated(events).value_or(false)) {
    int left = milliseconds_to(until);
    pollfd wait{events, POLLPRI, 0};
    if (left == 0 || (poll(&wait, 1, left) < 0 && errno != EINTR)) {
      return false;
    }
  }
  return true;
}

// Nobody forks in between: the frozen do not, and are all signalled before
// they are thawed.
std::vector<Fd> kill_frozen(const std::string& path) {
  freeze_cgroup(path, true);
  std::vector<Fd> dying = signal_all(members_below(path), SIGKILL);
  freeze_cgroup(path, false);
  return dying;
}

bool kill_v2(const std::string& path, int events,
             steady_clock::time_point until) {
  while (is_populated(events).value_or(false)) {
    // cgroup.kill came with Linux 5.14.
    if (!write_value(path + "/cgroup.kill", "1")) {
      kill_frozen(path);
    }
    auto turn = steady_clock::now() + std::chrono::milliseconds(kTurn);
    if (!wait_unpopulated(events, std::min(turn, until)) &&
        milliseconds_to(until) == 0) {
      return false;
    }
  }
  return true;
}

// v1 tells nobody that a group is empty: each process tells its own end.
bool kill_v1(const std::string& path, steady_clock::time_point until) {
  int in_vain = 0;
  while (!members_below(path).empty()) {
    if (in_vain >= kMostInVain || steady_clock::now() > until) {
      return false;
    }
    std::vector<Fd> dying = kill_frozen(path);
    await_all(dying, kTurn);
    in_vain = dying.empty() ? in_vain + 1 : 0;
    if (!members_below(path).empty()) {
      nap();
    }
  }
  return true;
}

}  // namespace

std::vector<int> members_of(const std::string& path) {
  std::vector<int> pids;
  auto text = read_file(AT_FDCWD, path + "/cgroup.procs");
  if (!text) {
    return pids;
  }
  const char* at = text->c_str();
  while (*at != '\0') {
    char* end = nullptr;
    long pid = strtol(at, &end, 10);
    if (end == at) {
      break;
    }
    // 0 stands for a process outside this pid namespace: not ours to touch.
    if (pid > 0) {
      pids.push_back(static_cast<int>(pid));
    }
    at = *end == '\n' ? end + 1 : end;
  }
  return pids;
}

bool freeze_cgroup(const std::string& path, bool frozen) {
  return write_value(path + "/freezer.state", frozen ? "FROZEN" : "THAWED") ||
         write_value(path + "/cgroup.freeze", frozen ? "1" : "0");
}

bool is_frozen(const std::string& path) {
  auto state = read_file(AT_FDCWD, path + "/freezer.state");
  if (state) {
    return state->starts_with("FROZEN");
  }
  auto events = read_file(AT_FDCWD, path + "/cgroup.events");
  return events && events->find("frozen 1") != std::string::npos;
}

bool kill_cgroup(const std::string& path, int milliseconds) {
  auto until = steady_clock::now() + std::chrono::milliseconds(milliseconds);
  Fd events(open((path + "/cgroup.events").c_str(), O_RDONLY | O_CLOEXEC));
  return events ? kill_v2(path, events.get(), until) : kill_v1(path, until);
}

bool remove_cgroup(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return errno == ENOENT;
  }
  // Else we would kill what is in another group that was bound there.
  (void)take_off_mounts(path);
  for (int tries = 0; tries < kRemoveTries; ++tries) {
    bool gone = true;
    for (const std::string& group : with_children(path)) {
      gone = (rmdir(group.c_str()) == 0 || errno == ENOENT) && gone;
    }
    if (gone) {
      return true;
    }
    kill_cgroup(path, 50);
    nap();
  }
  return false;
}

}  // namespace faultrig
