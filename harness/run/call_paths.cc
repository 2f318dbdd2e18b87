// A path lies in the caller's memory, its meaning in the caller's folders. A
// process that is not dumpable (prctl(2), PR_SET_DUMPABLE) shows neither to an
// ordinary user (ptrace(2)): then nobody here knows which file is meant.
#include "harness/run/call_paths.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>

#include "harness/base/names.h"
#include "harness/model/path_arguments.h"

namespace faultrig {

namespace {

using Follows = PathArgument::Follows;

// linux/openat2.h
constexpr std::uint64_t kInRoot = 0x10;
struct OpenHow {
  std::uint64_t flags = 0;
  std::uint64_t mode = 0;
  std::uint64_t resolve = 0;
};

std::uint64_t argument(const Notification& call, int index) {
  return call.args[static_cast<std::size_t>(index)];
}

bool opens_a_link(std::uint64_t flags) {
  bool exclusive = (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0;
  return (flags & O_NOFOLLOW) == 0 && !exclusive;
}

Result<OpenHow> open_how(const Notification& call, int index) {
  OpenHow how;
  TRY_ASSIGN(std::string bytes,
             read_memory(call.tid, argument(call, index), sizeof how));
  if (bytes.size() < sizeof how) {
    return system_error("read memory", EFAULT);
  }
  std::memcpy(&how, bytes.data(), sizeof how);
  return how;
}

Result<> read_flags(const Notification& call, const PathArgument& path,
                    SaidPath& said) {
  std::uint64_t flags = path.flags < 0 ? 0 : argument(call, path.flags);
  switch (path.follows) {
    case Follows::always:
      break;
    case Follows::never:
      said.follows = false;
      break;
    case Follows::unless_flag:
      said.follows = (flags & path.flag) == 0;
      break;
    case Follows::if_flag:
      said.follows = (flags & path.flag) != 0;
      break;
    case Follows::as_open:
      said.follows = opens_a_link(flags);
      break;
    case Follows::as_openat2: {
      TRY_ASSIGN(OpenHow how, open_how(call, path.flags));
      said.follows = opens_a_link(how.flags);
      said.in_root = (how.resolve & kInRoot) != 0;
      break;
    }
  }
  return Ok{};
}

// The text of a symbolic link is relative to where the link is.
std::string beside(const std::string& link, const std::string& text) {
  return text.starts_with('/') ? text
                               : link.substr(0, link.rfind('/') + 1) + text;
}

Result<SaidPath> read_path(const Notification& call, const PathArgument& path) {
  SaidPath said;
  TRY_ASSIGN(said.text, read_string(call.tid, argument(call, path.argument)));
  if (path.dirfd >= 0) {
    said.dirfd = static_cast<int>(argument(call, path.dirfd));
  }
  if (path.link >= 0) {
    TRY_ASSIGN(std::string link,
               read_string(call.tid, argument(call, path.link)));
    said.text = beside(link, said.text);
  }
  TRY(read_flags(call, path, said));
  return said;
}

// Calls that fail where there is no file; those that may make one are not
// among them.
constexpr std::string_view kAskForFiles =
    " open openat openat2 stat lstat newfstatat statx access faccessat "
    "faccessat2 readlink readlinkat chdir execve execveat unlink unlinkat "
    "rmdir truncate chmod fchmodat chown lchown fchownat utimensat utime "
    "utimes futimesat statfs getxattr lgetxattr inotify_add_watch ";

bool asks_for_a_file(const Notification& call, std::string_view name,
                     const PathArgument& path) {
  if (kAskForFiles.find(" " + std::string(name) + " ") == kAskForFiles.npos) {
    return false;
  }
  if (path.follows == Follows::as_openat2) {
    auto how = open_how(call, path.flags);
    return how && (how->flags & O_CREAT) == 0;
  }
  return path.follows != Follows::as_open ||
         (argument(call, path.flags) & O_CREAT) == 0;
}

}  // namespace

FileNames CallPaths::of(const Notification& call, std::string_view name) {
  FileNames all;
  std::vector<PathArgument> paths = path_arguments(name);
  for (const PathArgument& path : paths) {
    int folder = path.dirfd < 0 ? AT_FDCWD
                                : static_cast<int>(argument(call, path.dirfd));
    // utimensat(2) and its like: the descriptor itself. Else EFAULT.
    bool none = argument(call, path.argument) == 0;
    auto said = none ? Result<SaidPath>(SaidPath{}) : read_path(call, path);
    if (!said) {
      all.add(
          FileNames{{}, "read its path: " + errno_name(said.error().os_errno)});
    } else if (!said->text.empty()) {
      FileNames found = namer_.of_path(call.tid, *said);
      found.nowhere = asks_for_a_file(call, name, path) ? found.nowhere : "";
      all.add(std::move(found));
    } else if (folder != AT_FDCWD) {
      all.add(namer_.of_descriptor(call.tid, folder));  // AT_EMPTY_PATH
    }
  }
  if (paths.empty()) {
    for (int fd : fd_arguments(name)) {
      all.add(
          namer_.of_descriptor(call.tid, static_cast<int>(argument(call, fd))));
    }
  }
  return all;
}

}  // namespace faultrig
