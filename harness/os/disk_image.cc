// What is on a disk when power goes is what was written to the device, and not
// what was written to a file. A loop device writes to a file of ours, so that a
// copy of it is what the disk holds: the kernel's page cache above it has not
// gone into it, and no sync is caused, as fsfreeze(8) would. A copy takes a
// while, in which the kernel may write: so the device's own counters are asked
// before and behind it (Documentation/block/stat.rst). A disk that keeps at
// once what it is given has this; one with a cache may have less.
// LO_FLAGS_AUTOCLEAR: the device lets go of the file with its last user.
#include "harness/os/disk_image.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <linux/mount.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "harness/base/tsv.h"
#include "harness/base/whole_number.h"
#include "harness/os/find_program.h"
#include "harness/os/scratch.h"
#include "harness/os/tried_in_child.h"

namespace faultrig {

namespace {

constexpr const char* kLabel = "faultrig";
// Another may take a free device before us.
constexpr int kMostTries = 100;
constexpr useconds_t kNap = 1000;
constexpr std::uint64_t kLeastOfXfs = std::uint64_t{300} << 20;

// As this process names one of its own, also behind an exec.
std::string own_path(const Fd& file) {
  return "/proc/self/fd/" + std::to_string(file.get());
}

Result<Fd> file_in_memory(std::uint64_t size) {
  // The device is called by it: one that is left tells whose it was.
  Fd file(memfd_create(owner_name().c_str(), MFD_CLOEXEC));
  if (!file || ftruncate(file.get(), static_cast<off_t>(size)) != 0) {
    return system_error("make a file in memory", errno);
  }
  return file;
}

// It says what is wrong with its words alone, to nobody.
Result<> run_mkfs(const std::string& type, const Fd& file,
                  const std::vector<std::string>& env) {
  std::string name = "mkfs." + type;
  auto found = find_program(name, env);
  std::string program = found ? *found : "/usr/sbin/" + name;
  if (access(program.c_str(), X_OK) != 0) {
    return Error{ErrorKind::unsupported, "there is no " + name, ENOENT};
  }
  std::string target = own_path(file);
  // By itself it makes ext4 an inode for each 4096 bytes, but only one for each
  // 16384 where the disk is of 512 MiB or more (mke2fs.conf(5)).
  std::vector<const char*> argv{program.c_str(), "-q", "-F", "-i", "4096"};
  if (type == "xfs") {
    argv = {program.c_str(), "-q", "-f"};
  }
  argv.insert(argv.end(), {target.c_str(), nullptr});
  Result<> done = tried_in_child(name.c_str(), [&] {
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    // Its own: without CAP_SYS_PTRACE nobody may look at ours.
    fcntl(file.get(), F_SETFD, 0);
    execv(argv[0], const_cast<char* const*>(argv.data()));
    return errno;
  });
  return done ? done : Error{ErrorKind::system, name + " has failed", 0};
}

// Gives the device, and its path, while somebody holds it.
Result<std::pair<Fd, std::string>> take_device(const Fd& file) {
  Fd control(open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control) {
    return system_error("open /dev/loop-control", errno);
  }
  for (int i = 0; i < kMostTries; ++i) {
    int number = ioctl(control.get(), LOOP_CTL_GET_FREE);
    std::string path = "/dev/loop" + std::to_string(number);
    Fd device(number < 0 ? -1 : open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (!device) {
      return system_error("open a loop device", errno);
    }
    loop_config wanted{};
    wanted.fd = static_cast<std::uint32_t>(file.get());
    wanted.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    std::strncpy(reinterpret_cast<char*>(wanted.info.lo_file_name), kLabel,
                 LO_NAME_SIZE - 1);
    if (ioctl(device.get(), LOOP_CONFIGURE, &wanted) == 0) {
      return std::pair(std::move(device), std::move(path));
    }
    if (errno != EBUSY) {
      return system_error("set " + path + " up", errno);
    }
  }
  return system_error("take a loop device", EBUSY);
}

bool configure(const Fd& context, const std::string& device,
               const std::string& type) {
  int fd = context.get();
  return syscall(SYS_fsconfig, fd, FSCONFIG_SET_STRING, "source",
                 device.c_str(), 0) == 0 &&
         (type != "xfs" || syscall(SYS_fsconfig, fd, FSCONFIG_SET_FLAG,
                                   "nouuid", nullptr, 0) == 0) &&
         syscall(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) ==
             0;
}

// Our reads are not to be written down.
Result<Fd> mount_nowhere(const std::string& device, const std::string& type) {
  Fd context(static_cast<int>(syscall(SYS_fsopen, type.c_str(),
                                      static_cast<unsigned>(FSOPEN_CLOEXEC))));
  if (!context || !configure(context, device, type)) {
    return system_error("mount " + type + " from " + device, errno);
  }
  Fd mounted(static_cast<int>(
      syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC,
              MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOATIME)));
  return mounted ? Result<Fd>(std::move(mounted))
                 : system_error("mount " + type, errno);
}

// `[from, to)` but for what is zero: xfs writes the whole of its log so.
Result<> copy_part(const Fd& source, const Fd& into, off_t from, off_t to) {
  constexpr std::size_t kPage = 4096;
  std::array<char, kPage> page;
  static constexpr std::array<char, kPage> kZeros{};
  while (from < to) {
    ssize_t got = pread(source.get(), page.data(), page.size(), from);
    if (got <= 0) {
      return system_error("read an image", got == 0 ? EIO : errno);
    }
    auto size = static_cast<std::size_t>(got);
    if (std::memcmp(page.data(), kZeros.data(), size) != 0 &&
        pwrite(into.get(), page.data(), size, from) != got) {
      return system_error("copy an image", errno);
    }
    from += got;
  }
  return Ok{};
}

Result<Fd> copy_of(const Fd& source) {
  struct stat status {};
  if (fstat(source.get(), &status) != 0) {
    return system_error("look at an image", errno);
  }
  TRY_ASSIGN(Fd out,
             file_in_memory(static_cast<std::uint64_t>(status.st_size)));
  for (off_t at = 0; at < status.st_size;) {
    off_t begin = lseek(source.get(), at, SEEK_DATA);
    if (begin < 0 && errno == ENXIO) {
      break;
    }
    off_t end = begin < 0 ? begin : lseek(source.get(), begin, SEEK_HOLE);
    if (end < 0) {
      return system_error("look at an image", errno);
    }
    TRY(copy_part(source, out, begin, end));
    at = end;
  }
  return out;
}

std::string block_file(const std::string& device, const char* name) {
  return "/sys/block/" + device.substr(device.rfind('/') + 1) + "/" + name;
}

// An administrator may have said that it does not (iostats in
// Documentation/ABI/stable/sysfs-block): then no count tells that it was
// written to.
Result<> counts_writes(const std::string& device) {
  std::string file = block_file(device, "queue/iostats");
  return read_file(AT_FDCWD, file).value_or("1").starts_with('0')
             ? unsupported_error(file + " is 0: it does not count its writes")
             : Result<>(Ok{});
}

}  // namespace

Result<DiskImage> DiskImage::mount(Fd file, const std::string& type) {
  TRY_ASSIGN(auto device, take_device(file));
  DiskImage out;
  out.type_ = type;
  out.device_ = device.second;
  out.file_ = std::move(file);
  TRY_ASSIGN(out.mount_, mount_nowhere(out.device_, type));
  return out;
}

Result<DiskImage> DiskImage::make(const std::string& type, std::uint64_t size,
                                  const std::vector<std::string>& env) {
  TRY_ASSIGN(Fd file, file_in_memory(type == "xfs" ? std::max(size, kLeastOfXfs)
                                                   : size));
  TRY(run_mkfs(type, file, env));
  // The zeros that it has written are not to be read again for each copy.
  TRY_ASSIGN(file, copy_of(file));
  TRY_ASSIGN(DiskImage out, mount(std::move(file), type));
  TRY(counts_writes(out.device_));
  // Nobody has lost anything yet.
  std::error_code failed;
  std::filesystem::remove(out.root() + "/lost+found", failed);
  TRY(out.sync());
  return out;
}

Result<DiskImage> DiskImage::open(const Fd& file, const std::string& type) {
  TRY_ASSIGN(Fd copy, copy_of(file));
  return mount(std::move(copy), type);
}

std::string DiskImage::root() const { return own_path(mount_) + "/."; }

Result<> DiskImage::sync() const {
  Fd folder(::open(root().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return folder && syncfs(folder.get()) == 0
             ? Result<>(Ok{})
             : system_error("sync an image", errno);
}

std::optional<std::uint64_t> DiskImage::writes() const {
  // Of reads, writes, discards and flushes the first number is how many are
  // done; the ninth of all is how many are under way.
  constexpr std::size_t kWrites = 4;
  constexpr std::size_t kUnderWay = 8;
  constexpr std::size_t kDiscards = 11;
  auto text = read_file(AT_FDCWD, block_file(device_, "stat"));
  std::vector<std::string> fields = words_of(text.value_or(""));
  auto number = [&](std::size_t at) {
    return at < fields.size() ? whole_number<std::uint64_t>(fields[at])
                              : std::nullopt;
  };
  auto written = number(kWrites);
  return written && number(kUnderWay) == 0U
             ? std::optional(*written + number(kDiscards).value_or(0))
             : std::nullopt;
}

Result<std::optional<DiskImage::Copy>> DiskImage::copy() const {
  for (int i = 0; i < kMostTries; ++i) {
    auto before = writes();
    if (before) {
      TRY_ASSIGN(Fd out, copy_of(file_));
      if (writes() == before) {
        return std::optional<Copy>({std::move(out), *before});
      }
    }
    usleep(kNap);
  }
  return std::optional<Copy>();
}

std::uint64_t taken_by(const Fd& file) {
  constexpr std::uint64_t kBlock = 512;  // of st_blocks, stat(2)
  struct stat status {};
  return fstat(file.get(), &status) == 0
             ? static_cast<std::uint64_t>(status.st_blocks) * kBlock
             : 0;
}

Result<> try_image(const std::string& type,
                   const std::vector<std::string>& env) {
  constexpr std::uint64_t kLittle = std::uint64_t{16} << 20;
  TRY_ASSIGN(DiskImage trial, DiskImage::make(type, kLittle, env));
  return trial.writes() || trial.writes()
             ? Result<>(Ok{})
             : system_error("count what is written to " + trial.device(),
                            ENOENT);
}

}  // namespace faultrig
