#include "harness/os/local_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
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

std::string identity_of(const std::string& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0
             ? std::to_string(status.st_dev) + ":" +
                   std::to_string(status.st_ino)
             : "";
}

}  // namespace faultrig
