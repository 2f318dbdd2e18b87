#include "harness/os/scratch.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>

#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "faultrig-";
constexpr unsigned long long kEnoughSpace = 1ULL << 30;

std::string pid_namespace() {
  std::error_code failed;
  // `pid:[4026531836]`
  std::string link = fs::read_symlink("/proc/self/ns/pid", failed).string();
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

fs::path temp_folder() {
  const char* named = getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe)
  return named != nullptr && *named != '\0' ? named : "/tmp";
}

std::vector<fs::path> scratch_places() { return {"/dev/shm", temp_folder()}; }

// The two numbers behind the namespace in a name: pid and start time.
bool parse_owner(std::string_view rest, long long& pid, long long& start) {
  std::size_t dash = rest.find('-');
  if (dash == std::string_view::npos) {
    return false;
  }
  auto number = [](std::string_view text, long long& out) {
    auto [end, failed] =
        std::from_chars(text.data(), text.data() + text.size(), out);
    return failed == std::errc() && end == text.data() + text.size();
  };
  std::string_view second = rest.substr(dash + 1);
  return number(rest.substr(0, dash), pid) &&
         number(second.substr(0, second.find_first_not_of("0123456789")),
                start);
}

}  // namespace

TempDir::TempDir(TempDir&& other) noexcept { *this = std::move(other); }

TempDir& TempDir::operator=(TempDir&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempDir::~TempDir() {
  if (!path_.empty()) {
    remove_folder(path_.string());
  }
}

std::string owner_name() {
  auto stat = stat_of(getpid());
  return std::string(kPrefix) + pid_namespace() + "-" +
         std::to_string(getpid()) + "-" +
         std::to_string(stat ? stat->start : 0);
}

bool is_stale(const std::string& name) {
  if (!name.starts_with(kPrefix)) {
    return false;  // most names: asked without a system call
  }
  std::string ours = std::string(kPrefix) + pid_namespace() + "-";
  long long pid = 0;
  long long start = 0;
  if (!name.starts_with(ours) ||
      !parse_owner(std::string_view(name).substr(ours.size()), pid, start)) {
    return false;
  }
  auto stat = stat_of(static_cast<int>(pid));
  return !stat || stat->state == 'Z' ||
         stat->start != static_cast<unsigned long long>(start);
}

Result<TempDir> make_scratch(const std::string& name) {
  for (const fs::path& place : scratch_places()) {
    if (!good_place(place) && place != temp_folder()) {
      continue;
    }
    fs::path path = place / name;
    if (mkdir(path.c_str(), 0700) == 0) {
      return TempDir(path);
    }
    if (place == temp_folder()) {
      return system_error("make the folder " + path.string(), errno);
    }
  }
  return internal_error("no place for a folder");
}

namespace {

template <typename Remove>
void sweep(const fs::path& place, std::vector<std::string>& removed,
           Remove remove) {
  std::error_code failed;
  for (fs::directory_iterator at(place, failed), end; !failed && at != end;
       at.increment(failed)) {
    struct stat status {};
    std::string path = at->path().string();
    if (is_stale(at->path().filename().string()) &&
        lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
        status.st_uid == geteuid()) {
      remove(path);
      removed.push_back(path);
    }
  }
}

}  // namespace

std::vector<std::string> remove_stale_cgroups(
    const std::vector<std::string>& places) {
  std::vector<std::string> removed;
  for (const std::string& place : places) {
    if (!place.empty()) {
      sweep(place, removed,
            [](const std::string& path) { remove_cgroup(path); });
    }
  }
  return removed;
}

std::vector<std::string> remove_leftovers(
    const std::vector<std::string>& cgroup_places) {
  std::vector<std::string> removed = remove_stale_cgroups(cgroup_places);
  for (const fs::path& place : scratch_places()) {
    sweep(place, removed, [](const std::string& path) { remove_folder(path); });
  }
  return removed;
}

}  // namespace faultrig
