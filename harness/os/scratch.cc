#include "harness/os/scratch.h"

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>

#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_folders.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "faultrig-";
constexpr const char* kDisk = "/var/tmp";  // survives a reboot (hier(7))
constexpr unsigned long long kEnoughSpace = 1ULL << 30;

std::string number_of_namespace(const char* kind) {
  std::error_code failed;
  // `pid:[4026531836]`
  std::string link =
      fs::read_symlink(std::string("/proc/self/ns/") + kind, failed).string();
  std::size_t open = link.find('[');
  return failed || open == std::string::npos
             ? "0"
             : link.substr(open + 1, link.size() - open - 2);
}

bool good_place(const fs::path& path) {
  struct statvfs status {};
  if (statvfs(path.c_str(), &status) != 0 ||
      access(path.c_str(), W_OK | X_OK) != 0) {
    return false;
  }
  // Test binaries are built into it and run from there.
  return (status.f_flag & ST_NOEXEC) == 0 &&
         status.f_bavail * status.f_frsize >= kEnoughSpace;
}

// Go's -exec has no way to write a blank beside both kinds of quotes.
bool can_be_quoted(std::string_view path) {
  constexpr auto kNowhere = std::string_view::npos;
  return path.find_first_of(" \t\n\r") == kNowhere ||
         path.find('\'') == kNowhere || path.find('"') == kNowhere;
}

// Absolute: what we hand to go, to the shim and to the workload is looked up
// elsewhere.
fs::path temp_folder() {
  const char* named = getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  std::error_code failed;
  fs::path given = named != nullptr && *named != '\0' ? named : "/tmp";
  fs::path whole = fs::absolute(given, failed);
  return failed || !can_be_quoted(whole.string()) ? fs::path("/tmp") : whole;
}

std::vector<fs::path> scratch_places() {
  return {"/dev/shm", temp_folder(), kDisk};
}

bool is_memory(const fs::path& path) {
  struct statfs status {};
  return statfs(path.c_str(), &status) == 0 &&
         (status.f_type == TMPFS_MAGIC || status.f_type == RAMFS_MAGIC);
}

fs::path work_place() {
  fs::path place = temp_folder();
  bool better = is_memory(place) && good_place(kDisk) && !is_memory(kDisk);
  return better ? kDisk : place;
}

struct Owner {
  int pid = 0;
  unsigned long long start = 0;
  std::string clock;
};

// What stands behind the pid namespace in a name: `PID-STARTtCLOCK`.
std::optional<Owner> parse_owner(std::string_view rest) {
  Owner out;
  const char* end = rest.data() + rest.size();
  auto pid = std::from_chars(rest.data(), end, out.pid);
  if (pid.ec != std::errc() || pid.ptr == end || *pid.ptr != '-') {
    return std::nullopt;
  }
  auto start = std::from_chars(pid.ptr + 1, end, out.start);
  if (start.ec != std::errc() || start.ptr == end || *start.ptr != 't') {
    return std::nullopt;
  }
  const char* at = start.ptr + 1;
  out.clock.assign(at, std::find(at, end, '.'));
  return out;
}

bool is_gone(int pid) { return kill(pid, 0) != 0 && errno == ESRCH; }

}  // namespace

TempDir::TempDir(TempDir&& other) noexcept { *this = std::move(other); }

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempDir::~TempDir() {
  if (!path_.empty()) {
    (void)remove_folder(path_.string());
  }
}

std::string owner_name() {
  auto stat = stat_of(getpid());
  return std::string(kPrefix) + number_of_namespace("pid") + "-" +
         std::to_string(getpid()) + "-" +
         std::to_string(stat ? stat->start : 0) + "t" +
         number_of_namespace("time");
}

bool is_stale(const std::string& name) {
  if (!name.starts_with(kPrefix)) {
    return false;  // most names: asked without a system call
  }
  std::string ours = std::string(kPrefix) + number_of_namespace("pid") + "-";
  if (!name.starts_with(ours)) {
    return false;
  }
  auto owner = parse_owner(std::string_view(name).substr(ours.size()));
  if (!owner) {
    return false;
  }
  auto stat = stat_of(owner->pid);
  if (!stat) {
    return is_gone(owner->pid);  // /proc may hide it (hidepid)
  }
  // In another time namespace its start has another number.
  bool same_clock = owner->clock == number_of_namespace("time");
  return stat->state == 'Z' || (same_clock && stat->start != owner->start);
}

Result<TempDir> make_scratch(const std::string& name) {
  for (const fs::path& place : scratch_places()) {
    if (!good_place(place) && place != temp_folder()) {
      continue;
    }
    fs::path path = place / name;
    auto made = make_own_folder(path.string());
    if (made) {
      return TempDir(path);
    }
    if (place == temp_folder()) {
      return made.error();
    }
  }
  return internal_error("no place for a folder");
}

Result<TempDir> make_work_folder(const std::string& name) {
  fs::path path = work_place() / name;
  struct statvfs status {};
  if (statvfs(path.parent_path().c_str(), &status) != 0 ||
      (status.f_flag & ST_NOEXEC) != 0 || !path.is_absolute()) {
    return unsupported_error("go cannot work in " +
                             path.parent_path().string());
  }
  TRY(make_own_folder(path.string()));
  return TempDir(path);
}

namespace {

// Paths below `place` that have the name of a dead faultrig and are ours; a
// link may stand where a folder was.
std::vector<std::string> stale_below(const fs::path& place) {
  std::vector<std::string> out;
  std::error_code failed;
  for (fs::directory_iterator at(place, failed), end; !failed && at != end;
       at.increment(failed)) {
    struct stat status {};
    std::string path = at->path().string();
    if (is_stale(at->path().filename().string()) &&
        lstat(path.c_str(), &status) == 0 && status.st_uid == geteuid() &&
        (S_ISDIR(status.st_mode) || S_ISLNK(status.st_mode))) {
      out.push_back(path);
    }
  }
  return out;
}

void remove_stale_folders(const fs::path& place, Leftovers& found) {
  for (const std::string& path : stale_below(place)) {
    FolderEnd end = remove_folder(path);
    found.mounts.insert(found.mounts.end(), end.mounts.begin(),
                        end.mounts.end());
    if (end.gone()) {
      found.removed.push_back(path);
    } else {
      found.kept.push_back(path + ": " + end.why);
    }
  }
}

}  // namespace

Leftovers remove_stale_cgroups(const std::vector<std::string>& places) {
  Leftovers found;
  for (const std::string& place : places) {
    if (place.empty()) {
      continue;
    }
    for (const std::string& path : stale_below(place)) {
      if (remove_cgroup(path)) {
        found.removed.push_back(path);
      } else {
        found.kept.push_back(path + ": it is not empty");
      }
    }
  }
  return found;
}

Leftovers remove_leftovers(const std::vector<std::string>& cgroup_places) {
  Leftovers found = remove_stale_cgroups(cgroup_places);
  for (const fs::path& place : scratch_places()) {
    remove_stale_folders(place, found);
  }
  return found;
}

}  // namespace faultrig
