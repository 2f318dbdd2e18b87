#pragma once

#include <cstdint>
#include <optional>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// How much of a tmpfs(5) is used. Blocks are of `block` bytes.
struct DiskRoom {
  unsigned long long device = 0;  // st_dev of what is on it
  std::uint64_t block = 1;
  std::uint64_t used = 0;  // blocks
  std::uint64_t free = 0;
  std::uint64_t used_files = 0;  // its root folder is one
  std::uint64_t free_files = 0;

  std::uint64_t free_bytes() const { return free * block; }
};

// By its mount (fsmount(2)), from any mount namespace (fstatfs(2)).
Result<DiskRoom> room_of(const Fd& mount);

// Of what an open file is on; nothing: that is no regular file.
std::optional<unsigned long long> disk_of_file(const Fd& file);

// What a disk is bounded by from now on; 0: that is left as it is.
struct DiskBounds {
  std::uint64_t size = 0;  // bytes; rounded up to whole blocks
  std::uint64_t inodes = 0;
};

// Gives a disk other bounds (fsconfig(2)) by what fspick(2) gave. EINVAL: more
// is on it; nothing has changed then.
Result<> bound_disk(const Fd& picked, const DiskBounds& bounds);

// Takes up one block, until what it gives is closed: tmpfs has no size of 0.
Result<Fd> take_block(const Fd& mount);

}  // namespace faultrig
