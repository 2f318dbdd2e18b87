#include "harness/os/socket_cookie.h"

#include <sys/socket.h>

namespace faultrig {

namespace {

constexpr int kNetworkCookie = 71;  // SO_NETNS_COOKIE, younger than our headers

std::uint64_t told_by(const Fd& socket, int option) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  bool told = getsockopt(socket.get(), SOL_SOCKET, option, &cookie, &size) == 0;
  return told ? cookie : 0;
}

}  // namespace

std::uint64_t cookie_of(const Fd& socket) { return told_by(socket, SO_COOKIE); }

std::uint64_t network_cookie_of(const Fd& socket) {
  return told_by(socket, kNetworkCookie);
}

}  // namespace faultrig
