#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A file system on a loop device of its own (loop(4)) over a file in memory
// (memfd_create(2)), mounted where nobody can name it (fsmount(2)). All of it
// is gone with the last who holds it: with us, however we end, and with the
// processes that have mounted it. Needs root. Not after fork.
class DiskImage {
 public:
  // Makes a new one of so many bytes at least, empty, with all of it on the
  // disk. `type`: ext4 or xfs; `env`: where its mkfs is looked for.
  // Unsupported: something of it is missing here, or the device does not count
  // its writes. Forks.
  static Result<DiskImage> make(const std::string& type, std::uint64_t size,
                                const std::vector<std::string>& env);
  // What is in such a file, as after a crash: its journal is replayed, in a
  // copy of it. System: it cannot be mounted.
  static Result<DiskImage> open(const Fd& file, const std::string& type);

  // What others mount it by: `/dev/loop3`.
  const std::string& device() const { return device_; }
  const std::string& type() const { return type_; }
  // A way to what is on it, for this process alone.
  std::string root() const;
  // Writes all that the kernel has of it to the disk (syncfs(2)).
  Result<> sync() const;

  // How often the disk was written to, ever; nothing while it is.
  std::optional<std::uint64_t> writes() const;
  // What is on the disk now, and nothing that is only in the kernel's memory.
  // Nothing: it was written to whenever we looked. While it was copied it was
  // not: `writes` is the count before and behind it.
  struct Copy {
    Fd file;
    std::uint64_t writes = 0;
  };
  Result<std::optional<Copy>> copy() const;

 private:
  static Result<DiskImage> mount(Fd file, const std::string& type);
  std::string type_;
  std::string device_;
  Fd file_;
  Fd mount_;
};

// Bytes of memory that such a file takes.
std::uint64_t taken_by(const Fd& file);

// Can such an image be made and mounted here? Tried; nothing stays.
Result<> try_image(const std::string& type,
                   const std::vector<std::string>& env);

}  // namespace faultrig
