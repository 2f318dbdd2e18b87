// A path names one file for a call that follows symbolic links and another one
// for a call that does not. The table of calls has the first path of each; here
// stands what differs from the usual: one path, links followed.
#include "harness/model/path_arguments.h"

#include <algorithm>
#include <array>

#include "harness/model/syscalls.h"

namespace faultrig {

namespace {

using Follows = PathArgument::Follows;

// By number: fcntl.h, linux/inotify.h, linux/fanotify.h, linux/mount.h.
constexpr std::uint64_t kNoFollow = 0x100;     // AT_SYMLINK_NOFOLLOW
constexpr std::uint64_t kFollow = 0x400;       // AT_SYMLINK_FOLLOW
constexpr std::uint64_t kUmountNoFollow = 8;   // UMOUNT_NOFOLLOW
constexpr std::uint64_t kInotify = 0x2000000;  // IN_DONT_FOLLOW
constexpr std::uint64_t kFanotify = 4;         // FAN_MARK_DONT_FOLLOW
constexpr std::uint64_t kMoveFrom = 1;         // MOVE_MOUNT_F_SYMLINKS
constexpr std::uint64_t kMoveTo = 0x10;        // MOVE_MOUNT_T_SYMLINKS
constexpr std::uint64_t kFspick = 2;           // FSPICK_SYMLINK_NOFOLLOW

struct Row {
  std::string_view call;
  PathArgument path;
};

constexpr PathArgument never(int argument, int dirfd = -1) {
  return {argument, dirfd, Follows::never};
}

constexpr Row kRows[] = {
    {"open", {0, -1, Follows::as_open, 1}},
    {"openat", {1, 0, Follows::as_open, 2}},
    {"openat2", {1, 0, Follows::as_openat2, 2}},
    {"lstat", never(0)},
    {"readlink", never(0)},
    {"readlinkat", never(1, 0)},
    {"lchown", never(0)},
    {"lsetxattr", never(0)},
    {"lgetxattr", never(0)},
    {"llistxattr", never(0)},
    {"lremovexattr", never(0)},
    {"unlink", never(0)},
    {"unlinkat", never(1, 0)},
    {"rmdir", never(0)},
    {"mkdir", never(0)},
    {"mkdirat", never(1, 0)},
    {"mknod", never(0)},
    {"mknodat", never(1, 0)},
    {"rename", never(0)},
    {"rename", never(1)},
    {"renameat", never(1, 0)},
    {"renameat", never(3, 2)},
    {"renameat2", never(1, 0)},
    {"renameat2", never(3, 2)},
    {"link", never(0)},
    {"link", never(1)},
    {"linkat", {1, 0, Follows::if_flag, 4, kFollow}},
    {"linkat", never(3, 2)},
    {"symlink", {0, -1, Follows::never, -1, 0, 1}},
    {"symlink", never(1)},
    {"symlinkat", {0, 1, Follows::never, -1, 0, 2}},
    {"symlinkat", never(2, 1)},
    {"newfstatat", {1, 0, Follows::unless_flag, 3, kNoFollow}},
    {"fchownat", {1, 0, Follows::unless_flag, 4, kNoFollow}},
    {"utimensat", {1, 0, Follows::unless_flag, 3, kNoFollow}},
    {"faccessat2", {1, 0, Follows::unless_flag, 3, kNoFollow}},
    {"statx", {1, 0, Follows::unless_flag, 2, kNoFollow}},
    {"execveat", {1, 0, Follows::unless_flag, 4, kNoFollow}},
    {"open_tree", {1, 0, Follows::unless_flag, 2, kNoFollow}},
    {"mount_setattr", {1, 0, Follows::unless_flag, 2, kNoFollow}},
    {"fspick", {1, 0, Follows::unless_flag, 2, kFspick}},
    {"name_to_handle_at", {1, 0, Follows::if_flag, 4, kFollow}},
    {"umount2", {0, -1, Follows::unless_flag, 1, kUmountNoFollow}},
    {"inotify_add_watch", {1, -1, Follows::unless_flag, 2, kInotify}},
    {"fanotify_mark", {4, 3, Follows::unless_flag, 1, kFanotify}},
    {"mount", {0}},
    {"mount", {1}},
    {"move_mount", {1, 0, Follows::if_flag, 4, kMoveFrom}},
    {"move_mount", {3, 2, Follows::if_flag, 4, kMoveTo}},
    {"pivot_root", {0}},
    {"pivot_root", {1}}};

struct SecondFd {
  std::string_view call;
  int argument;
};

constexpr SecondFd kSecondFds[] = {{"sendfile", 1},
                                   {"copy_file_range", 2},
                                   {"splice", 2},
                                   {"tee", 1},
                                   {"epoll_ctl", 2}};

}  // namespace

std::vector<PathArgument> path_arguments(std::string_view call) {
  std::vector<PathArgument> paths;
  for (const Row& row : kRows) {
    if (row.call == call) {
      paths.push_back(row.path);
    }
  }
  const Syscall* known = find_syscall(call);
  if (paths.empty() && known != nullptr && known->path_argument >= 0) {
    paths.push_back({known->path_argument, known->dirfd_argument});
  }
  return paths;
}

std::vector<int> fd_arguments(std::string_view call) {
  std::vector<int> fds;
  const Syscall* known = find_syscall(call);
  if (known != nullptr && known->fd_argument >= 0) {
    fds.push_back(known->fd_argument);
  }
  for (const SecondFd& second : kSecondFds) {
    if (second.call == call) {
      fds.push_back(second.argument);
    }
  }
  return fds;
}

bool may_mean_stdio(std::string_view call) {
  static constexpr std::array<std::string_view, 5> kOfSockets{
      "bind", "listen", "accept", "accept4", "connect"};
  return std::find(kOfSockets.begin(), kOfSockets.end(), call) ==
         kOfSockets.end();
}

}  // namespace faultrig
