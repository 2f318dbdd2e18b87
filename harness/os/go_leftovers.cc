// Of a go that was killed, others may be at work in the same place: a folder is
// ours only if it was not there before and a process of ours names it, as the
// program that it is (proc_pid_exe(5)) or the file that it compiles to.
#include "harness/os/go_leftovers.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <ctime>
#include <filesystem>
#include <string_view>
#include <utility>

#include "harness/base/fd.h"
#include "harness/os/notify.h"
#include "harness/os/shim_folders.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStart = "go-build";
// Times of files move on with the kernel's tick, 10 ms at the slowest (HZ=100).
constexpr std::int64_t kTick = 20'000'000;

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool is_go_name(std::string_view name) {
  std::string_view digits = name.substr(std::min(kStart.size(), name.size()));
  return name.starts_with(kStart) && !digits.empty() &&
         std::all_of(digits.begin(), digits.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_own_folder(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         status.st_uid == geteuid();
}

}  // namespace

void GoLeftovers::begin(const std::string& place) {
  noted_.clear();
  if (place != place_) {
    place_ = place;
    changed_ns_ = -1;
  }
  if (!place_.empty() && !is_unchanged()) {
    list();
  }
}

// Of a change in the same tick as the listing, the time would tell nothing.
bool GoLeftovers::is_unchanged() {
  struct stat status {};
  if (stat(place_.c_str(), &status) != 0) {
    changed_ns_ = -1;
    return false;
  }
  std::int64_t before = changed_ns_;
  std::int64_t changed = nanoseconds(status.st_mtim);
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  bool settled = nanoseconds(now) - changed > kTick;
  changed_ns_ = settled ? changed : -1;
  return settled && changed == before;
}

void GoLeftovers::list() {
  before_.clear();
  std::error_code failed;
  for (fs::directory_iterator at(place_, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (is_go_name(at->path().filename().string())) {
      before_.insert(at->path().filename().string());
    }
  }
}

void GoLeftovers::look_at(const std::vector<int>& pids) {
  if (place_.empty()) {
    return;
  }
  auto note = [this](std::string_view path) {
    if (path.starts_with(place_ + "/")) {
      std::string_view name = path.substr(place_.size() + 1);
      name = name.substr(0, name.find('/'));
      if (is_go_name(name) && !before_.contains(std::string(name))) {
        noted_.emplace(name);
      }
    }
  };
  for (int pid : pids) {
    note(program_of(pid));
    std::string line = "/proc/" + std::to_string(pid) + "/cmdline";
    auto words = read_file(AT_FDCWD, line, 1 << 20);
    std::string_view rest = words ? std::string_view(*words) : "";
    while (!rest.empty()) {
      std::size_t end = std::min(rest.find('\0'), rest.size());
      note(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
}

void GoLeftovers::remove() {
  for (const std::string& name : noted_) {
    std::string path = place_ + "/" + name;
    if (is_own_folder(path)) {
      (void)remove_unmarked_folder(path);
    }
  }
  noted_.clear();
}

}  // namespace faultrig
