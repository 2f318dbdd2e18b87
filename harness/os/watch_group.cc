// Memory and pids are asked of one folder on v2 and of two on v1. The freezer
// is left alone: we kill nothing here.
#include "harness/os/watch_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/os/cgroup_files.h"
#include "harness/os/cgroup_limits.h"
#include "harness/os/shim_cleanup.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr int kMoveTries = 50;
constexpr timespec kNap{0, 200'000};
// v1 says "no limit" as the largest multiple of a page.
constexpr std::uint64_t kNoLimit = std::uint64_t{1} << 62;

bool write_pid(const std::string& folder, int pid) {
  auto written =
      write_file(AT_FDCWD, folder + "/cgroup.procs", std::to_string(pid));
  return written || written.error().os_errno == ESRCH;
}

// Where this process stands: `place`, or on v2 a leaf of it.
std::string our_folder(const std::string& place) {
  std::error_code failed;
  for (fs::directory_iterator at(place, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (!at->is_directory(failed)) {
      continue;
    }
    std::string folder = at->path().string();
    std::vector<int> pids = members_of(folder);
    if (std::find(pids.begin(), pids.end(), getpid()) != pids.end()) {
      return folder;
    }
  }
  return place;
}

// Processes fork while they are moved: again until nobody is left. `own`: where
// this process stood on v2; it may have been moved to a leaf of that since.
bool move_out(const std::string& folder, const std::string& own) {
  std::string place = fs::path(folder).parent_path().string();
  for (int tries = 0; tries < kMoveTries; ++tries) {
    std::vector<int> pids = members_of(folder);
    if (pids.empty()) {
      return true;
    }
    for (int pid : pids) {
      bool moved = !own.empty() && write_pid(own, pid);
      if (!moved && !write_pid(place, pid) &&
          !write_pid(our_folder(place), pid)) {
        return false;
      }
    }
  }
  return false;
}

// EBUSY while a process that has ended is still being taken apart.
bool remove_folder_of(const std::string& folder, const std::string& own) {
  for (int tries = 0; tries < kMoveTries; ++tries) {
    if (!move_out(folder, own)) {
      return false;
    }
    if (rmdir(folder.c_str()) == 0 || errno == ENOENT) {
      return true;
    }
    nanosleep(&kNap, nullptr);
  }
  return false;
}

}  // namespace

Result<WatchGroup> WatchGroup::make(const CgroupPlaces& places,
                                    const std::string& name,
                                    const WatchLimits& limits) {
  CgroupPlaces wanted = places;
  if (!wanted.memory.empty()) {
    wanted.kill.clear();
  }
  WatchGroup out;
  if (auto made = Cgroup::make(wanted, name)) {
    out.group_ = std::move(made).value();
    out.folders_ = out.group_.folders();
  } else if (limits.memory) {
    return made.error();
  }
  if (limits.memory) {
    if (!out.has_memory()) {
      return unsupported_error("needs a writable memory cgroup: " +
                               places.why_no_memory);
    }
    TRY(out.group_.limit_memory(*limits.memory, Bytes{0}, false));
  }
  out.own_ = places.own;
  out.capped_ = limits.memory.has_value();
  if (places.memory_v2 && out.exists()) {
    out.pids_ = out.folders_.front();
  } else if (!places.pids.empty()) {
    std::string folder = places.pids + "/" + name;
    if (mkdir(folder.c_str(), 0755) == 0) {
      out.folders_.push_back(folder);
      carry_limits(folder, false);
      out.pids_ = folder;
      TRY_ASSIGN(out.pids_join_,
                 open_file(AT_FDCWD, folder + "/tasks", O_WRONLY));
    }
  }
  if (limits.processes) {
    TRY(out.cap_processes(*limits.processes));
  }
  return out;
}

Result<> WatchGroup::cap_processes(std::uint64_t most) {
  if (pids_.empty() || access(pids_file("pids.max").c_str(), W_OK) != 0) {
    return unsupported_error("needs a writable pids cgroup");
  }
  return write_file(AT_FDCWD, pids_file("pids.max"), std::to_string(most));
}

std::string WatchGroup::pids_file(const char* name) const {
  return pids_ + "/" + name;
}

Result<std::vector<Fd>> WatchGroup::join_fds() const {
  std::vector<Fd> out;
  std::vector<int> numbers = group_.join_fds();
  if (pids_join_) {
    numbers.push_back(pids_join_.get());
  }
  for (int number : numbers) {
    TRY_ASSIGN(Fd copy, duplicate(number, STDERR_FILENO + 1));
    out.push_back(std::move(copy));
  }
  return out;
}

std::vector<int> WatchGroup::members() const {
  return folders_.empty() ? std::vector<int>() : members_of(folders_.front());
}

std::optional<std::int64_t> WatchGroup::oom_kills() const {
  auto kills = group_.oom_kills();
  return has_memory() && kills ? std::optional(*kills) : std::nullopt;
}

std::optional<Bytes> WatchGroup::peak_memory() const { return group_.peak(); }

std::optional<MemoryCap> WatchGroup::memory_cap() const {
  if (!has_memory()) {
    return std::nullopt;
  }
  std::string folder = folders_.front();
  // v1 has the answer for all above it in one file.
  std::optional<std::uint64_t> above;
  if (auto all =
          value_in(folder + "/memory.stat", "hierarchical_memory_limit")) {
    above = static_cast<std::uint64_t>(*all);
  }
  auto own = number_in(folder + "/memory.limit_in_bytes");
  if (!above) {
    own = number_in(folder + "/memory.max");
    fs::path at(folder);
    while (fs::exists(at / "memory.max")) {
      auto max = number_in((at / "memory.max").string());
      above = max && (!above || *max < *above) ? max : above;
      at = at.parent_path();
    }
  }
  if (!above || *above > kNoLimit) {
    return std::nullopt;
  }
  return MemoryCap{Bytes{*above}, capped_ && own && *own <= *above};
}

std::optional<std::int64_t> WatchGroup::most_threads() const {
  auto peak = number_in(pids_file("pids.peak"));
  return peak ? std::optional(static_cast<std::int64_t>(*peak)) : std::nullopt;
}

std::optional<std::int64_t> WatchGroup::forks_refused() const {
  return value_in(pids_file("pids.events"), "max");
}

bool WatchGroup::let_go() {
  pids_join_.reset();
  group_.abandon();
  bool gone = true;
  for (const std::string& folder : folders_) {
    bool of_v2 = access((folder + "/cgroup.type").c_str(), F_OK) == 0;
    gone = remove_folder_of(folder, of_v2 ? own_ : "") && gone;
  }
  folders_.clear();
  return gone;
}

}  // namespace faultrig
