// A mount that only one process and its children see needs no root: who makes a
// user namespace may mount in a mount namespace that belongs to it
// (user_namespaces(7)). The mount is gone with the last process, unless
// somebody holds it by a descriptor. fspick(2) has to be called here: it asks
// for rights in the caller's mount namespace, while the change itself
// (fsconfig(2)) asks for rights over the file system's own user namespace,
// which its maker's parent has.
#include "harness/os/shim_disk.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "harness/os/shim_digits.h"

namespace faultrig {

namespace {

constexpr unsigned long kPrivate = 1UL << 18;  // MS_PRIVATE in mount(2)
constexpr unsigned long kRecursive = 16384;    // MS_REC
struct LinuxEntry {
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short size;
  unsigned char type;
  char name[];
};

// 0 for an empty folder, whose state `status` then is.
int look_at(const char* path, struct stat& status) {
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) {
    return errno;
  }
  alignas(LinuxEntry) char entries[1024];
  int failed = fstat(folder, &status) == 0 ? 0 : errno;
  long size = 0;
  while (failed == 0 && (size = syscall(SYS_getdents64, folder, entries,
                                        sizeof entries)) > 0) {
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const LinuxEntry*>(entries + at);
      bool dots =
          strcmp(entry->name, ".") == 0 || strcmp(entry->name, "..") == 0;
      failed = dots ? failed : ENOTEMPTY;
      at += entry->size;
    }
  }
  failed = failed == 0 && size < 0 ? errno : failed;
  close(folder);
  return failed;
}

int set(int file_system, const char* key, const Digits& value) {
  return static_cast<int>(syscall(SYS_fsconfig, file_system,
                                  FSCONFIG_SET_STRING, key, value.text, 0));
}

// As the folder is that it hides, where its owner has a number here.
int configure(int file_system, const MountDisk& step,
              const struct stat& folder) {
  constexpr unsigned kRights = 07777;
  bool done =
      set(file_system, "size", digits(step.size, 10)) == 0 &&
      (step.inodes == 0 ||
       set(file_system, "nr_inodes", digits(step.inodes, 10)) == 0) &&
      set(file_system, "mode", digits(folder.st_mode & kRights, 8)) == 0 &&
      (step.own_user ||
       (set(file_system, "uid", digits(folder.st_uid, 10)) == 0 &&
        set(file_system, "gid", digits(folder.st_gid, 10)) == 0)) &&
      syscall(SYS_fsconfig, file_system, FSCONFIG_CMD_CREATE, nullptr, nullptr,
              0) == 0;
  return done ? 0 : errno;
}

int lay_over(const MountDisk& step, int file_system, DiskFds& made) {
  made[0] = static_cast<int>(syscall(SYS_fsmount, file_system, FSMOUNT_CLOEXEC,
                                     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
  if (made[0] < 0 || syscall(SYS_move_mount, made[0], "", AT_FDCWD,
                             step.path.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
    return errno;
  }
  made[1] = static_cast<int>(
      syscall(SYS_fspick, made[0], "", FSPICK_EMPTY_PATH | FSPICK_CLOEXEC));
  made[2] = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
  if (step.own_user) {
    made[3] = open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC);
  }
  return made[1] < 0 || made[2] < 0 || (step.own_user && made[3] < 0) ? errno
                                                                      : 0;
}

}  // namespace

int mount_disk(const MountDisk& step, DiskFds& made) {
  struct stat folder {};
  int failed = look_at(step.path.c_str(), folder);
  failed = failed == ENOTEMPTY && step.over_content ? 0 : failed;
  if (failed != 0) {
    return failed;
  }
  if (unshare(CLONE_NEWNS) != 0 ||
      syscall(SYS_mount, nullptr, "/", nullptr, kRecursive | kPrivate,
              nullptr) != 0) {
    return errno;
  }
  int file_system =
      static_cast<int>(syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC));
  if (file_system < 0) {
    return errno;
  }
  failed = configure(file_system, step, folder);
  failed = failed != 0 ? failed : lay_over(step, file_system, made);
  close(file_system);
  return failed;
}

int enter_disk(int users, int mounts) {
  bool inside = (users < 0 || setns(users, CLONE_NEWUSER) == 0) &&
                setns(mounts, CLONE_NEWNS) == 0;
  return inside ? 0 : errno;
}

}  // namespace faultrig
