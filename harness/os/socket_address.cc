// A copy of a descriptor is the same socket, so that its address can be asked
// for in our own process, whatever network namespace it belongs to.
#include "harness/os/socket_address.h"

#include <arpa/inet.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "harness/os/socket_option.h"

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

// As inet_sockets.h has it: IPv4 within IPv6 is IPv4.
std::optional<InetAddress> inet_address(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(address);
    InetAddress out = loopback_v4(ntohs(four.sin_port));
    std::memcpy(&out.bytes[out.bytes.size() - sizeof four.sin_addr],
                &four.sin_addr, sizeof four.sin_addr);
    return out;
  }
  if (address.ss_family != AF_INET6) {
    return std::nullopt;
  }
  const auto& six = reinterpret_cast<const sockaddr_in6&>(address);
  InetAddress out;
  out.port = ntohs(six.sin6_port);
  std::memcpy(out.bytes.data(), &six.sin6_addr, out.bytes.size());
  return out;
}

using Ask = int (*)(int, sockaddr*, socklen_t*);

// A sockaddr, as the kernel gives it; empty: it gives none.
std::string asked(const Fd& socket, Ask ask) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (ask(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return "";
  }
  return {reinterpret_cast<const char*>(&address),
          std::min<std::size_t>(size, sizeof address)};
}

sockaddr_storage storage_of(std::string_view bytes) {
  sockaddr_storage address{};
  std::memcpy(&address, bytes.data(), std::min(bytes.size(), sizeof address));
  return address;
}

}  // namespace

SocketAddress address_in(std::string_view sockaddr) {
  sockaddr_storage address = storage_of(sockaddr);
  if (address.ss_family == AF_UNIX) {
    return unix_address(address, static_cast<socklen_t>(std::min(
                                     sockaddr.size(), sizeof(sockaddr_un))));
  }
  auto inet = inet_address(address);
  return inet ? SocketAddress{inet->text(), inet->port} : SocketAddress{};
}

SocketAddress address_of(const Fd& socket) {
  return address_in(asked(socket, getsockname));
}

bool had_connection(const Fd& socket) {
  // Of enum tcp_states in the kernel; netinet/tcp.h, which has them, does not
  // go with linux/tcp.h, which has the count of segments.
  constexpr std::uint8_t kSynSent = 2;
  constexpr std::uint8_t kClose = 7;
  tcp_info info{};
  socklen_t size = sizeof info;
  return getsockopt(socket.get(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         (info.tcpi_state == kSynSent ||
          (info.tcpi_state == kClose && info.tcpi_segs_out > 0));
}

SocketKind kind_of(const Fd& socket) {
  int type = socket_option(socket, SO_TYPE);
  int domain = socket_option(socket, SO_DOMAIN);
  return {type == SOCK_STREAM || type == SOCK_SEQPACKET, domain == AF_INET,
          domain == AF_INET6, socket_option(socket, SO_REUSEPORT) > 0};
}

std::string with_family_of_inet(std::string sockaddr) {
  sa_family_t family = AF_INET;
  if (sockaddr.size() >= sizeof family &&
      sockaddr.compare(0, sizeof family, std::string(sizeof family, '\0')) ==
          0) {
    std::memcpy(sockaddr.data(), &family, sizeof family);
  }
  return sockaddr;
}

SocketAddress peer_address_of(const Fd& socket) {
  return address_in(asked(socket, getpeername));
}

std::optional<InetAddress> inet_address_in(std::string_view sockaddr) {
  return inet_address(storage_of(sockaddr));
}

std::string address_bytes(const std::string& text) {
  std::string four(sizeof(in_addr), '\0');
  std::string six(sizeof(in6_addr), '\0');
  if (inet_pton(AF_INET, text.c_str(), four.data()) == 1) {
    return four;
  }
  return inet_pton(AF_INET6, text.c_str(), six.data()) == 1 ? six : "";
}

std::optional<InetAddress> inet_address_of(const Fd& socket) {
  return inet_address(storage_of(asked(socket, getsockname)));
}

std::optional<InetAddress> inet_peer_address_of(const Fd& socket) {
  return inet_address(storage_of(asked(socket, getpeername)));
}

}  // namespace faultrig
