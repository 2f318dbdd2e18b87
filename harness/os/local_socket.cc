#include "harness/os/local_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>

#include "harness/os/shim_address.h"

namespace faultrig {

Result<Fd> listen_at(const std::string& path) {
  TRY_ASSIGN(UnixAddress address, socket_address(path));
  Fd listener(
      socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listener ||
      bind(listener.get(), address.get(), sizeof address.name) != 0 ||
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
