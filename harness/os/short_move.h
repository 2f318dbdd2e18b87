#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/fd.h"

namespace faultrig {

// Bytes of the longest socket address: sockaddr_storage in socket(7).
constexpr std::uint32_t kLargestAddress = 128;

// Bytes to move on a copy of a descriptor, once, without waiting.
struct ShortMove {
  bool writes = false;
  std::string bytes;                   // to write; or as many as are to be read
  std::optional<std::int64_t> offset;  // pread(2), pwrite(2)
  int flags = 0;                       // of recv(2), send(2)
};

struct Moved {
  std::int64_t result = 0;  // or -errno
  std::string bytes;        // read
  std::string address;      // of the sender, as the kernel gives it (recvfrom)
  std::uint32_t address_size = 0;  // may be more than there is of it
  bool cut = false;                // more would have moved without the cut
};

// Moves less, where the kernel could have done so by itself: regular files on
// disk, sockets of type SOCK_STREAM, and pipes that do not wait. Nothing: it
// was not tried and nothing has changed, since it would wait, would be done to
// us and not to the caller (signalfd(2), cgroup.procs), or cannot be cut
// (datagrams). `tid` is the caller, whose limits are respected.
std::optional<Moved> move_less(int tid, const Fd& copy, const ShortMove& move);

// Is there no limit on the size of files, neither this thread's nor ours? At
// one the signal would be ours (setrlimit(2)).
bool may_grow(int tid);

}  // namespace faultrig
