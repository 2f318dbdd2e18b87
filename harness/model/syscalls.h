#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// What faultrig knows of a system call (x86_64; syscalls(2)).
struct Syscall {
  std::string_view name;
  int path_argument = -1;   // index of a `const char *path`, or -1
  int dirfd_argument = -1;  // the directory that path is relative to, or -1
  int fd_argument = -1;     // index of a descriptor it works on, or -1
  bool network = false;     // in strace's class %network
  bool makes_fd = false;    // gives a new descriptor (RLIMIT_NOFILE)
};

// A call with (fd, buffer, size, ...) whose size may be cut.
struct MovingCall {
  std::string_view name;
  bool writes;
  bool has_offset;  // (fd, buffer, size, offset)
  bool on_sockets;  // (fd, buffer, size, flags, address, size of it)
};

// Nothing for calls that move nothing, or not in this way.
const MovingCall* moving_call(std::string_view name);
// The most that such a call is ever cut to.
inline constexpr std::size_t kMostBytesMoved = 1 << 20;

// Nothing if no such call is known.
const Syscall* find_syscall(std::string_view name);
std::span<const Syscall> all_syscalls();

// The names that strace's `%file`, `%network`, `%desc` (or a plain name)
// stands for; empty if it is neither.
std::vector<std::string> expand_call(std::string_view name_or_class);

// `%file`, `%desc`, `%network`.
std::vector<std::string> call_classes();

}  // namespace faultrig
