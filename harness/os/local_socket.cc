#include "harness/os/local_socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace faultrig {

Result<Fd> listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return system_error("listen at " + path, ENAMETOOLONG);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd listener(
      socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener ||
      bind(listener.get(), reinterpret_cast<sockaddr*>(&address),
           sizeof address) != 0 ||
      listen(listener.get(), SOMAXCONN) != 0) {
    return system_error("listen at " + path, errno);
  }
  return listener;
}

Result<Fd> accept_at(const Fd& listener) {
  Fd connection(accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection) {
    return system_error("accept a connection", errno);
  }
  return connection;
}

int peer_of(const Fd& connection) {
  ucred peer{};
  socklen_t size = sizeof peer;
  bool known =
      getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
  return known ? peer.pid : 0;
}

}  // namespace faultrig
