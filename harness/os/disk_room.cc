#include "harness/os/disk_room.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace faultrig {

Result<DiskRoom> room_of(const Fd& mount) {
  struct statfs room {};
  struct stat status {};
  if (fstatfs(mount.get(), &room) != 0 || fstat(mount.get(), &status) != 0) {
    return system_error("look at the disk", errno);
  }
  DiskRoom out;
  out.device = status.st_dev;
  out.block = static_cast<std::uint64_t>(room.f_bsize);
  out.free = room.f_bfree;
  out.used = room.f_blocks - room.f_bfree;
  out.free_files = room.f_ffree;
  out.used_files = room.f_files - room.f_ffree;
  return out;
}

std::optional<unsigned long long> disk_of_file(const Fd& file) {
  struct stat status {};
  bool regular = fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode);
  return regular ? std::optional<unsigned long long>(status.st_dev)
                 : std::nullopt;
}

Result<> bound_disk(const Fd& picked, const DiskBounds& bounds) {
  auto set = [&](const char* key, std::uint64_t value) {
    return value == 0 ||
           syscall(SYS_fsconfig, picked.get(), FSCONFIG_SET_STRING, key,
                   std::to_string(value).c_str(), 0) == 0;
  };
  bool done = set("size", bounds.size) && set("nr_inodes", bounds.inodes) &&
              syscall(SYS_fsconfig, picked.get(), FSCONFIG_CMD_RECONFIGURE,
                      nullptr, nullptr, 0) == 0;
  return done ? Result<>(Ok{}) : system_error("resize the disk", errno);
}

Result<Fd> take_block(const Fd& mount) {
  constexpr off_t kByte = 1;
  Fd file(openat(mount.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (!file || fallocate(file.get(), 0, 0, kByte) != 0) {
    return system_error("take up a block of the disk", errno);
  }
  return file;
}

}  // namespace faultrig
