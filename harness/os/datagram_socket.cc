#include "harness/os/datagram_socket.h"

#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

#include "harness/os/raw_address.h"
#include "harness/os/socket_option.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = 65535;  // no datagram is longer
constexpr int kRoom = 4 * 1024 * 1024;

Result<Fd> made_here(int family) {
  Fd made(socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) {
    return system_error("make a socket", errno);
  }
  return made;
}

}  // namespace

Result<Fd> datagram_in(const Network& network, int family) {
  return within(network, [&] { return made_here(family); });
}

Result<Fd> datagram_on_loopback(const Network& network, int family) {
  auto made = datagram_in(network, family);
  RawAddress at = loopback_of(family);
  bool bound = made && bind(made->get(), at.get(), at.size) == 0;
  if (!bound && family == AF_INET6) {
    return datagram_on_loopback(network, AF_INET);
  }
  if (made && !bound) {
    return system_error("bind on loopback", errno);
  }
  if (made) {
    // As much as it may (rmem_max in socket(7)): many ask at once.
    int room = kRoom;
    (void)setsockopt(made->get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
  }
  return made;
}

bool is_udp(const Fd& socket) {
  return socket_option(socket, SO_TYPE) == SOCK_DGRAM &&
         socket_option(socket, SO_PROTOCOL) == IPPROTO_UDP;
}

std::int64_t receive_from(const Fd& socket, std::string& into,
                          std::string& sender) {
  into.resize(kMost);
  RawAddress from;
  from.size = sizeof from.storage;
  ssize_t got = recvfrom(socket.get(), into.data(), into.size(), MSG_DONTWAIT,
                         from.get(), &from.size);
  std::int64_t result = got < 0 ? -errno : got;
  into.resize(static_cast<std::size_t>(std::max<std::int64_t>(result, 0)));
  sender.assign(reinterpret_cast<const char*>(&from.storage), from.size);
  return result;
}

std::int64_t send_to(const Fd& socket, std::string_view bytes,
                     std::string_view sockaddr) {
  RawAddress to = raw_address(sockaddr);
  ssize_t put = sendto(socket.get(), bytes.data(), bytes.size(),
                       MSG_DONTWAIT | MSG_NOSIGNAL, to.get(), to.size);
  return put < 0 ? -errno : put;
}

}  // namespace faultrig
