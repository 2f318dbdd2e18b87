// lstat(2): a link is a file of its own.
#include "harness/os/file_state.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>

namespace faultrig {

namespace {

// How far behind ours the clock may be of another kernel that stamps, such as
// that of a folder which a virtual machine shares with its host.
constexpr std::chrono::milliseconds kElsewhere{10};

}  // namespace

std::vector<std::int64_t> file_state(const std::string& path) {
  struct stat seen {};
  if (lstat(path.c_str(), &seen) != 0) {
    return {};
  }
  return {static_cast<std::int64_t>(seen.st_dev),
          static_cast<std::int64_t>(seen.st_ino),
          seen.st_size,
          seen.st_mtim.tv_sec,
          seen.st_mtim.tv_nsec,
          seen.st_ctim.tv_sec,
          seen.st_ctim.tv_nsec};
}

std::chrono::nanoseconds earliest_stamp() {
  struct timespec tick {};
  clock_gettime(CLOCK_REALTIME_COARSE, &tick);
  return std::chrono::seconds(tick.tv_sec) +
         std::chrono::nanoseconds(tick.tv_nsec) - kElsewhere;
}

bool is_touched_since(const std::string& path, std::chrono::nanoseconds since) {
  struct stat seen {};
  return lstat(path.c_str(), &seen) == 0 && !S_ISDIR(seen.st_mode) &&
         std::chrono::seconds(seen.st_ctim.tv_sec) +
                 std::chrono::nanoseconds(seen.st_ctim.tv_nsec) >=
             since;
}

Result<> own_as(const std::string& from, const std::string& to) {
  struct stat seen {};
  // chown(2) may take bits of the mode away: that comes last.
  if (lstat(from.c_str(), &seen) != 0 ||
      lchown(to.c_str(), seen.st_uid, seen.st_gid) != 0 ||
      chmod(to.c_str(), seen.st_mode & 07777) != 0) {
    return system_error("give " + to + " the owner of " + from, errno);
  }
  return Ok{};
}

}  // namespace faultrig
