// What is kept may lie where others can write, and faultrig may be root: one
// name at a time, from descriptor to descriptor, no link is ever followed
// (O_NOFOLLOW in open(2); RESOLVE_BENEATH of openat2(2) would do, where a
// container's filter lets it pass).
#include "harness/os/kept_folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace faultrig {

namespace fs = std::filesystem;

namespace {

// Makes it if it is not there. Whatever the umask, we may write into a folder
// that we have just made.
Result<> make(int above, const std::string& name, const fs::path& shown) {
  struct stat status {};
  bool made = mkdirat(above, name.c_str(), 0777) == 0;
  bool usable =
      made ? fstatat(above, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
                 ((status.st_mode & S_IRWXU) == S_IRWXU ||
                  fchmodat(above, name.c_str(),
                           (status.st_mode & 07777) | S_IRWXU, 0) == 0)
           : errno == EEXIST;
  return usable ? Result<>(Ok{})
                : system_error("make the folder " + shown.string(), errno);
}

bool is_folder(const fs::path& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

}  // namespace

Result<KeptFolder> open_kept(const fs::path& parent) {
  fs::path made;
  for (const fs::path& name : parent) {
    made /= name;
    if (!name.empty() && !is_folder(made)) {
      TRY(make(AT_FDCWD, made.string(), made));
    }
  }
  TRY_ASSIGN(Fd folder,
             open_file(AT_FDCWD, parent.string(), O_RDONLY | O_DIRECTORY));
  return KeptFolder{parent, std::move(folder)};
}

Result<KeptFolder> open_below(const KeptFolder& parent,
                              const std::string& name) {
  fs::path path = parent.path / name;
  if (name.empty() || name == "." || name == ".." ||
      name.find('/') != std::string::npos) {
    return usage_error("no name for a folder: '" + name + "'");
  }
  TRY(make(parent.folder.get(), name, path));
  auto folder =
      open_file(parent.folder.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!folder) {
    return folder.error().os_errno == ELOOP ||
                   folder.error().os_errno == ENOTDIR
               ? usage_error(path.string() +
                             ": not a folder, and links are not followed")
               : folder.error();
  }
  return KeptFolder{path, std::move(*folder)};
}

}  // namespace faultrig
