#include "harness/os/datagram_socket.h"

#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/os/raw_address.h"
#include "harness/os/socket_address.h"
#include "harness/os/socket_option.h"

namespace faultrig {

namespace {

constexpr std::size_t kMost = 65535;  // no datagram is longer
constexpr int kRoom = 32 * 1024 * 1024;

Result<Fd> made_here(int family) {
  Fd made(socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) {
    return system_error("make a socket", errno);
  }
  return made;
}

Result<Fd> bound_in(const Network& network, RawAddress at) {
  TRY_ASSIGN(Fd made, datagram_in(network, at.get()->sa_family));
  if (bind(made.get(), at.get(), at.size) != 0) {
    return system_error("bind on loopback", errno);
  }
  return made;
}

// The same with any free port, if it is one of loopback.
RawAddress loopback_at(const std::string& host) {
  std::string bytes = address_bytes(host);
  RawAddress at =
      loopback_of(bytes.size() == sizeof(in6_addr) ? AF_INET6 : AF_INET);
  if (bytes.size() == sizeof(in_addr) && is_loopback(host)) {
    auto& four = reinterpret_cast<sockaddr_in&>(at.storage);
    std::memcpy(&four.sin_addr, bytes.data(), bytes.size());
  }
  return at;
}

// Many ask at once. Beyond rmem_max (socket(7)) it takes CAP_NET_ADMIN.
void give_room(const Fd& socket) {
  int room = kRoom;
  for (int option : {SO_RCVBUF, SO_RCVBUFFORCE}) {
    (void)setsockopt(socket.get(), SOL_SOCKET, option, &room, sizeof room);
  }
}

}  // namespace

Result<Fd> datagram_in(const Network& network, int family) {
  return within(network, [&] { return made_here(family); });
}

Result<Fd> datagram_on_loopback(const Network& network,
                                const std::string& host) {
  RawAddress at = loopback_at(host);
  auto made = bound_in(network, at);
  if (!made && at.get()->sa_family == AF_INET6) {
    made = bound_in(network, loopback_of(AF_INET));
  }
  if (made) {
    give_room(*made);
  }
  return made;
}

bool is_loopback(const std::string& host) {
  constexpr char kNet = 127;
  std::string bytes = address_bytes(host);
  return bytes.size() == sizeof(in_addr)
             ? bytes[0] == kNet
             : bytes.size() == sizeof(in6_addr) &&
                   std::memcmp(bytes.data(), &in6addr_loopback,
                               sizeof in6addr_loopback) == 0;
}

std::uint32_t dropped_by(const Fd& socket) {
  std::array<std::uint32_t, SK_MEMINFO_VARS> told{};
  socklen_t size = sizeof told;
  bool tells = getsockopt(socket.get(), SOL_SOCKET, SO_MEMINFO, told.data(),
                          &size) == 0 &&
               size > SK_MEMINFO_DROPS * sizeof(std::uint32_t);
  return tells ? told[SK_MEMINFO_DROPS] : 0;
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
