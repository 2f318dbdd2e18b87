// statx(2) with AT_STATX_DONT_SYNC gives what is cached: a file system that the
// workload serves (fuse(4)) is not asked, and cannot make us wait.
#include "harness/os/path_step.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/os/proc_path.h"

namespace faultrig {

bool PathStep::is_link() const { return S_ISLNK(mode); }

bool PathStep::on_proc() const {
  struct statfs status {};
  return fstatfs(file.get(), &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}

Fd open_path(int directory, const std::string& name, int flags) {
  return Fd(openat(directory, name.c_str(), O_PATH | O_CLOEXEC | flags));
}

Fd open_folders(int start, const std::string& path) {
  constexpr std::uint64_t kCached = 0x20;
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_NO_SYMLINKS | kCached;
  return Fd(static_cast<int>(
      syscall(SYS_openat2, start, path.c_str(), &how, sizeof how)));
}

PathStep step_to(Fd file) {
  PathStep step;
  struct statx status {};
  step.file = std::move(file);
  if (step.file &&
      statx(step.file.get(), "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
            STATX_TYPE | STATX_INO | STATX_MNT_ID, &status) == 0) {
    step.mode = status.stx_mode;
    step.device = makedev(status.stx_dev_major, status.stx_dev_minor);
    step.inode = status.stx_ino;
    step.mount = status.stx_mnt_id;
  }
  return step;
}

PathStep copy_of(const PathStep& step) {
  auto copy = duplicate(step.file.get());
  PathStep out{copy ? std::move(*copy) : Fd(), step.mode, step.device,
               step.inode, step.mount};
  return out;
}

std::string link_at(int directory, const std::string& name) {
  std::array<char, 4096> buffer{};
  ssize_t size =
      readlinkat(directory, name.c_str(), buffer.data(), buffer.size());
  return size < 0 ? ""
                  : std::string(buffer.data(), static_cast<std::size_t>(size));
}

std::string seen_name(const Fd& file) {
  return link_at(AT_FDCWD, "/proc/self/fd/" + std::to_string(file.get()));
}

// /proc/TID/mountinfo: `36 35 98:0 / /mnt rw - ext3 /dev/root rw`.
std::string type_of_mount(int tid, unsigned long long mount) {
  auto mounts = read_file(AT_FDCWD, proc_path(tid, "mountinfo"), 16 << 20);
  const std::string number = std::to_string(mount) + " ";
  for (std::string_view line :
       mounts ? lines_of(*mounts) : std::vector<std::string_view>()) {
    std::size_t type = line.find(" - ");
    if (line.starts_with(number) && type != line.npos) {
      line.remove_prefix(type + 3);
      return std::string(line.substr(0, line.find(' ')));
    }
  }
  return "";
}

std::string file_system_of(int tid, const Fd& file) {
  auto copy = duplicate(file.get());
  return copy ? type_of_mount(tid, step_to(std::move(*copy)).mount) : "";
}

}  // namespace faultrig
