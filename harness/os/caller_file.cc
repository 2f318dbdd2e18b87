// A path means something only to who says it: from its root folder, its working
// folder or a descriptor of its own (path_resolution(7)), all of which proc(5)
// leads to.
#include "harness/os/caller_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "harness/os/proc_path.h"

namespace faultrig {

namespace {

FileIdentity identity_from(const struct stat& seen) {
  FileIdentity out;
  out.kind = S_ISREG(seen.st_mode)   ? FileIdentity::Kind::file
             : S_ISDIR(seen.st_mode) ? FileIdentity::Kind::folder
             : S_ISLNK(seen.st_mode) ? FileIdentity::Kind::symlink
                                     : FileIdentity::Kind::other;
  out.device = seen.st_dev;
  out.inode = seen.st_ino;
  out.size = static_cast<std::uint64_t>(seen.st_size);
  out.mode = seen.st_mode & 07777U;
  return out;
}

// Number `column` (from 0) behind a name in /proc/PID/status.
std::optional<unsigned> number_of(const std::string& status,
                                  const std::string& name, int column,
                                  int base) {
  std::size_t at = status.find("\n" + name + ":");
  if (at == std::string::npos) {
    return std::nullopt;
  }
  const char* text = status.c_str() + at + name.size() + 2;
  unsigned long value = 0;
  for (int i = 0; i <= column; ++i) {
    char* end = nullptr;
    value = std::strtoul(text, &end, base);
    if (end == text) {
      return std::nullopt;
    }
    text = end;
  }
  return static_cast<unsigned>(value);
}

}  // namespace

std::optional<FileIdentity> identity_of(const Fd& file) {
  struct stat seen {};
  return file && fstat(file.get(), &seen) == 0
             ? std::optional(identity_from(seen))
             : std::nullopt;
}

std::optional<FileIdentity> identity_in(const Fd& folder,
                                        const std::string& name) {
  struct stat seen {};
  return fstatat(folder.get(), name.c_str(), &seen, AT_SYMLINK_NOFOLLOW) == 0
             ? std::optional(identity_from(seen))
             : std::nullopt;
}

std::optional<CutPath> cut_path(const std::string& path) {
  CutPath out;
  std::size_t end = path.find_last_not_of('/') + 1;
  std::size_t begin = path.substr(0, end).rfind('/') + 1;
  out.folder = path.substr(0, begin);
  out.name = path.substr(begin, end - begin);
  out.as_folder = end < path.size();
  bool none = out.name.empty() || out.name == "." || out.name == "..";
  return none ? std::nullopt : std::optional(std::move(out));
}

Fd folder_of_caller(int tid, int descriptor, const std::string& path,
                    bool cached) {
  bool absolute = path.starts_with('/');
  std::string start = absolute ? "root"
                      : descriptor == AT_FDCWD
                          ? "cwd"
                          : "fd/" + std::to_string(descriptor);
  Fd from(open(proc_path(tid, start).c_str(), O_PATH | O_CLOEXEC));
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve =
      (cached ? RESOLVE_CACHED : 0) | (absolute ? RESOLVE_IN_ROOT : 0);
  const char* way = path.empty() ? "." : path.c_str();
  return Fd(static_cast<int>(
      syscall(SYS_openat2, from.get(), way, &how, sizeof how)));
}

std::optional<CallerRights> rights_of(int tid) {
  constexpr std::size_t kMost = 8192;
  constexpr int kOfFiles = 3;  // real, effective, saved, and this
  auto status = read_file(AT_FDCWD, proc_path(tid, "status"), kMost);
  if (!status) {
    return std::nullopt;
  }
  auto user = number_of(*status, "Uid", kOfFiles, 10);
  auto group = number_of(*status, "Gid", kOfFiles, 10);
  auto mask = number_of(*status, "Umask", 0, 8);
  return user && group && mask
             ? std::optional(CallerRights{*user, *group, *mask})
             : std::nullopt;
}

bool are_ours(const CallerRights& rights) {
  return rights.user == geteuid() && rights.group == getegid();
}

}  // namespace faultrig
