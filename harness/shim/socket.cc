#include "harness/shim/socket.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

namespace faultrig {

Result<Fd> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return system_error("connect to " + path, ENAMETOOLONG);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd connection(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!connection) {
    return system_error("make a socket", errno);
  }
  if (connect(connection.get(), reinterpret_cast<sockaddr*>(&address),
              sizeof address) != 0) {
    return system_error("connect to " + path, errno);
  }
  return connection;
}

}  // namespace faultrig
