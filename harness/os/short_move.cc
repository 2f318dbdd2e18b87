// A copy of a descriptor shares the open file: position, O_APPEND, O_NONBLOCK
// (open(2)). The rest is the process's own, and we are another process: so only
// kinds of files are moved on that do not ask who it is. A pending error of a
// socket is told once, and must be handed on.
#include "harness/os/short_move.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "harness/os/path_step.h"
#include "harness/os/socket_option.h"
#include "harness/os/unread.h"

namespace faultrig {

namespace {

static_assert(kLargestAddress == sizeof(sockaddr_storage));

constexpr int kReadFlags =
    MSG_PEEK | MSG_DONTWAIT | MSG_WAITALL | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC;
constexpr int kWriteFlags = MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE;

unsigned mode_of(const Fd& copy) {
  struct stat status {};
  return fstat(copy.get(), &status) == 0 ? status.st_mode & S_IFMT : 0;
}

// Where a file is a knob of the kernel's, it looks at who turns it; where it
// may be served by the workload, it would wait for us.
bool is_plain_storage(int tid, const Fd& copy) {
  constexpr std::array<std::string_view, 12> kNot{
      "fuse",    "nfs",     "autofs",   "proc", "sysfs",      "cgroup",
      "debugfs", "tracefs", "configfs", "bpf",  "securityfs", "efivarfs"};
  std::string type = file_system_of(tid, copy);
  for (std::string_view name : kNot) {
    if (type.starts_with(name)) {
      return false;
    }
  }
  return true;
}

bool is_stream(const Fd& copy) {
  return socket_option(copy, SO_TYPE) == SOCK_STREAM;
}

std::int64_t result_of(ssize_t done) { return done < 0 ? -errno : done; }

Moved write_storage(const Fd& copy, const ShortMove& move) {
  Moved out;
  out.result = result_of(
      move.offset ? pwrite(copy.get(), move.bytes.data(), move.bytes.size(),
                           *move.offset)
                  : write(copy.get(), move.bytes.data(), move.bytes.size()));
  return out;
}

Moved read_storage(const Fd& copy, const ShortMove& move) {
  Moved out;
  out.bytes = move.bytes;
  out.result = result_of(
      move.offset
          ? pread(copy.get(), out.bytes.data(), out.bytes.size(), *move.offset)
          : read(copy.get(), out.bytes.data(), out.bytes.size()));
  return out;
}

bool has_more(const Fd& copy, const ShortMove& move, std::int64_t got) {
  struct stat status {};
  std::int64_t at =
      move.offset ? *move.offset + got : lseek(copy.get(), 0, SEEK_CUR);
  return fstat(copy.get(), &status) == 0 && status.st_size > at;
}

Moved on_socket(const Fd& copy, const ShortMove& move) {
  Moved out;
  if (move.writes) {
    out.result =
        result_of(send(copy.get(), move.bytes.data(), move.bytes.size(),
                       move.flags | MSG_DONTWAIT | MSG_NOSIGNAL));
    return out;
  }
  std::int64_t before = unread_in(copy);
  sockaddr_storage sender{};
  socklen_t size = sizeof sender;
  out.bytes = move.bytes;
  out.result =
      result_of(recvfrom(copy.get(), out.bytes.data(), out.bytes.size(),
                         (move.flags & ~MSG_WAITALL) | MSG_DONTWAIT,
                         reinterpret_cast<sockaddr*>(&sender), &size));
  out.address_size = out.result < 0 ? 0 : size;
  out.address.assign(reinterpret_cast<const char*>(&sender),
                     std::min<std::size_t>(out.address_size, sizeof sender));
  out.cut = before > out.result;
  return out;
}

}  // namespace

bool may_grow(int tid) {
  rlimit theirs{};
  rlimit ours{};
  return prlimit(tid, RLIMIT_FSIZE, nullptr, &theirs) == 0 &&
         getrlimit(RLIMIT_FSIZE, &ours) == 0 &&
         theirs.rlim_cur == RLIM_INFINITY && ours.rlim_cur == RLIM_INFINITY;
}

std::optional<Moved> move_less(int tid, const Fd& copy, const ShortMove& move) {
  auto size = static_cast<std::int64_t>(move.bytes.size());
  unsigned kind = mode_of(copy);
  std::optional<Moved> out;
  if (kind == S_IFSOCK && is_stream(copy) && !move.offset &&
      (move.flags & ~(move.writes ? kWriteFlags : kReadFlags)) == 0) {
    out = on_socket(copy, move);
  } else if (kind == S_IFREG && is_plain_storage(tid, copy) &&
             (!move.writes || may_grow(tid))) {
    out = move.writes ? write_storage(copy, move) : read_storage(copy, move);
    out->cut = !move.writes && has_more(copy, move, out->result);
  } else if (kind == S_IFIFO && !move.offset &&
             (fcntl(copy.get(), F_GETFL) & O_NONBLOCK) != 0) {
    std::int64_t before = unread_in(copy);
    out = move.writes ? write_storage(copy, move) : read_storage(copy, move);
    out->cut = before > out->result;
  }
  // What fails for good fails for the caller alike, with its own signal; but
  // what a socket had to tell has been told to us.
  if (out && out->result < 0) {
    bool told = kind == S_IFSOCK && out->result != -EAGAIN &&
                out->result != -EPIPE && out->result != -EINTR;
    return told ? out : std::nullopt;
  }
  if (out) {
    out->bytes.resize(move.writes ? 0 : static_cast<std::size_t>(out->result));
    out->cut = out->result == size && (move.writes || out->cut);
  }
  return out;
}

}  // namespace faultrig
