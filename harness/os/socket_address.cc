// A copy of a descriptor is the same socket, so that its address can be asked
// for in our own process, whatever network namespace it belongs to.
#include "harness/os/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>

namespace faultrig {

namespace {

SocketAddress unix_address(const sockaddr_storage& address, socklen_t size) {
  const auto& name = reinterpret_cast<const sockaddr_un&>(address);
  std::size_t start = offsetof(sockaddr_un, sun_path);
  if (size <= start) {
    return {};
  }
  std::string path(name.sun_path, size - start);
  if (path.front() == '\0') {
    return {"@" + path.substr(1), 0};
  }
  return {path.substr(0, path.find('\0')), 0};
}

SocketAddress inet_address(const sockaddr_storage& address) {
  char text[INET6_ADDRSTRLEN] = {};
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    int port = ntohs(four.sin_port);
    inet_ntop(AF_INET, &four.sin_addr, text, sizeof text);
    return {std::string(text) + ":" + std::to_string(port), port};
  }
  const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
  int port = ntohs(six.sin6_port);
  inet_ntop(AF_INET6, &six.sin6_addr, text, sizeof text);
  return {"[" + std::string(text) + "]:" + std::to_string(port), port};
}

}  // namespace

SocketAddress address_of(const Fd& socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) !=
      0) {
    return {};
  }
  switch (address.ss_family) {
    case AF_UNIX:
      return unix_address(address, size);
    case AF_INET:
    case AF_INET6:
      return inet_address(address);
    default:
      return {};
  }
}

}  // namespace faultrig
