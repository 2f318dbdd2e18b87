// The kernel keeps no count of refused descriptors, and what a call that runs
// on gives is never seen (seccomp_unotify(2)). But EMFILE can be foretold: it
// is the answer where fewer numbers below RLIMIT_NOFILE are free than the call
// needs, unless the call is refused for something that the kernel looks at
// earlier, as EAFNOSUPPORT of socket(2), EBADF of dup(2), EINVAL of unknown
// flags. What it looks at later, such as whether a file exists, does not
// matter. So each call has here what comes before; what we cannot tell of
// another process (may it have a raw socket?) counts as unsound.
#include "harness/os/full_table.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <iterator>

#include "harness/base/fd.h"

namespace faultrig {

namespace {

constexpr std::uint64_t kLongestPath = 4096;  // with its NUL
constexpr std::uint64_t kTypeBits = 0xf;      // SOCK_TYPE_MASK

bool only(std::uint64_t flags, int allowed) {
  return (static_cast<unsigned>(flags) & ~static_cast<unsigned>(allowed)) == 0;
}

bool sound_path(const Notification& call, int index) {
  auto path = read_string(call.tid, call.args[index]);
  return path && !path->empty() && path->size() < kLongestPath;
}

// O_TMPFILE and O_CREAT with O_DIRECTORY are EINVAL in some company.
bool sound_open_flags(std::uint64_t flags) {
  constexpr std::uint64_t kTmpFile = O_TMPFILE & ~O_DIRECTORY;
  bool odd = (flags & O_CREAT) != 0 && (flags & O_DIRECTORY) != 0;
  return (flags & kTmpFile) == 0 && !odd;
}

bool open_is_sound(const Notification& call) {
  return sound_open_flags(call.args[1]) && sound_path(call, 0);
}

bool creat_is_sound(const Notification& call) { return sound_path(call, 0); }

bool openat_is_sound(const Notification& call) {
  return sound_open_flags(call.args[2]) && sound_path(call, 1);
}

// openat2(2) refuses what it does not know; nothing of that is taken here.
bool openat2_is_sound(const Notification& call) {
  constexpr int kFlags = O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC |
                         O_APPEND | O_NONBLOCK | O_SYNC | O_DIRECTORY |
                         O_NOFOLLOW | O_CLOEXEC;
  open_how how{};
  auto bytes = read_memory(call.tid, call.args[2], sizeof how);
  if (call.args[3] != sizeof how || !bytes || bytes->size() != sizeof how) {
    return false;
  }
  std::memcpy(&how, bytes->data(), sizeof how);
  bool mode = how.mode == 0 || ((how.flags & O_CREAT) != 0 && how.mode < 01000);
  return mode && how.resolve == 0 && (how.flags >> 32) == 0 &&
         only(how.flags, kFlags) && sound_open_flags(how.flags) &&
         sound_path(call, 1);
}

bool dup_is_sound(const Notification& call) {
  return !descriptor_target(call.tid, static_cast<int>(call.args[0])).empty();
}

bool accept_is_sound(const Notification& call) {
  return descriptor_target(call.tid, static_cast<int>(call.args[0]))
      .starts_with("socket:");
}

bool accept4_is_sound(const Notification& call) {
  return only(call.args[3], SOCK_CLOEXEC | SOCK_NONBLOCK) &&
         accept_is_sound(call);
}

bool sound_type_flags(std::uint64_t type) {
  return only(type & ~kTypeBits, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

// Only sockets that anybody may have; then one of ours tells of the rest.
bool socket_is_sound(const Notification& call) {
  auto family = static_cast<int>(call.args[0]);
  auto type = static_cast<int>(call.args[1] & kTypeBits);
  auto protocol = static_cast<int>(call.args[2]);
  bool inet = family == AF_INET || family == AF_INET6;
  bool plain = (type == SOCK_STREAM && (protocol == 0 || protocol == 6)) ||
               (type == SOCK_DGRAM && (protocol == 0 || protocol == 17));
  bool open_to_all = family == AF_UNIX || family == AF_NETLINK;
  if (!sound_type_flags(call.args[1]) || !(open_to_all || (inet && plain))) {
    return false;
  }
  return static_cast<bool>(Fd(socket(family, type | SOCK_CLOEXEC, protocol)));
}

bool socketpair_is_sound(const Notification& call) {
  return sound_type_flags(call.args[1]);
}

bool pipe2_is_sound(const Notification& call) {
  return only(call.args[1], O_CLOEXEC | O_NONBLOCK | O_DIRECT);
}

bool eventfd2_is_sound(const Notification& call) {
  return only(call.args[1], EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
}

bool epoll_create_is_sound(const Notification& call) {
  return static_cast<int>(call.args[0]) > 0;
}

bool epoll_create1_is_sound(const Notification& call) {
  return only(call.args[0], EPOLL_CLOEXEC);
}

bool inotify_init1_is_sound(const Notification& call) {
  return only(call.args[0], IN_CLOEXEC | IN_NONBLOCK);
}

bool memfd_create_is_sound(const Notification& call) {
  constexpr std::size_t kLongestName = 249;
  auto flags = static_cast<unsigned>(call.args[1]);
  auto name = read_string(call.tid, call.args[0]);
  return name && name->size() <= kLongestName &&
         only(flags, MFD_CLOEXEC | MFD_ALLOW_SEALING) &&
         static_cast<bool>(Fd(memfd_create("like it", flags | MFD_CLOEXEC)));
}

bool timerfd_create_is_sound(const Notification& call) {
  auto clock = static_cast<int>(call.args[0]);
  bool everybodys = clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
                    clock == CLOCK_BOOTTIME;
  return everybodys && only(call.args[1], TFD_CLOEXEC | TFD_NONBLOCK);
}

bool always(const Notification&) { return true; }

struct Maker {
  std::string_view name;
  std::uint64_t needs;  // so many numbers
  bool (*is_sound)(const Notification&);
};

constexpr Maker kMakers[] = {
    {"open", 1, open_is_sound},
    {"openat", 1, openat_is_sound},
    {"openat2", 1, openat2_is_sound},
    {"creat", 1, creat_is_sound},
    {"dup", 1, dup_is_sound},
    {"accept", 1, accept_is_sound},
    {"accept4", 1, accept4_is_sound},
    {"socket", 1, socket_is_sound},
    {"socketpair", 2, socketpair_is_sound},
    {"pipe", 2, always},
    {"pipe2", 2, pipe2_is_sound},
    {"eventfd", 1, always},
    {"eventfd2", 1, eventfd2_is_sound},
    {"epoll_create", 1, epoll_create_is_sound},
    {"epoll_create1", 1, epoll_create1_is_sound},
    {"inotify_init", 1, always},
    {"inotify_init1", 1, inotify_init1_is_sound},
    {"memfd_create", 1, memfd_create_is_sound},
    {"timerfd_create", 1, timerfd_create_is_sound},
};

}  // namespace

std::vector<std::string_view> calls_that_need_descriptors() {
  std::vector<std::string_view> names;
  for (const Maker& maker : kMakers) {
    names.push_back(maker.name);
  }
  return names;
}

bool answer_is_emfile(std::string_view name, const Notification& call) {
  const auto* maker =
      std::find_if(std::begin(kMakers), std::end(kMakers),
                   [&](const Maker& row) { return row.name == name; });
  if (maker == std::end(kMakers)) {
    return false;
  }
  auto left = free_descriptors(call.tid);
  return left && *left < maker->needs && maker->is_sound(call);
}

}  // namespace faultrig
