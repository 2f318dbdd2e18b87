// accept4(2) for somebody else. Whether it blocks is a property of the open
// file, which a copy of the descriptor shares (fcntl(2), F_GETFL).
#include "harness/os/accepting.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace faultrig {

bool may_block(const Fd& socket) {
  int flags = fcntl(socket.get(), F_GETFL);
  return flags < 0 || (flags & O_NONBLOCK) == 0;
}

bool closes_on_exec(int flags) { return (flags & SOCK_CLOEXEC) != 0; }

Taken take_connection(const Fd& socket, int flags) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  Taken taken;
  taken.connection =
      Fd(accept4(socket.get(), reinterpret_cast<sockaddr*>(&peer), &size,
                 flags | SOCK_CLOEXEC));
  taken.error = taken.connection ? 0 : errno;
  if (taken.connection) {
    auto most = std::min<std::size_t>(size, sizeof peer);
    taken.peer.assign(reinterpret_cast<const char*>(&peer), most);
  }
  return taken;
}

}  // namespace faultrig
