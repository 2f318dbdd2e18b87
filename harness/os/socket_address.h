#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// An address of a socket: `127.0.0.1:8080`, `[::]:8080`, the path of a unix(7)
// socket or `@name`; empty: none, or of another family.
struct SocketAddress {
  std::string text;
  int port = 0;  // 0: it has none
};
// Where a socket is bound (getsockname(2)).
SocketAddress address_of(const Fd& socket);
// To what it is connected (getpeername(2)).
SocketAddress peer_address_of(const Fd& socket);
// Does a socket of TCP that has no peer now try to have one, or has it had one
// (TCP_INFO in tcp(7))? False for all others.
bool had_connection(const Fd& socket);
struct SocketKind {
  bool stream = false;
  bool inet = false;         // IPv4
  bool inet6 = false;        // IPv6
  bool shares_port = false;  // SO_REUSEPORT
};
SocketKind kind_of(const Fd& socket);
// The same bytes of a sockaddr, as one of IPv4 where it names no family.
std::string with_family_of_inet(std::string sockaddr);
// What these bytes of a sockaddr say.
SocketAddress address_in(std::string_view sockaddr);

// The same of TCP or UDP; nothing for another family.
std::optional<InetAddress> inet_address_in(std::string_view sockaddr);

// An address of IPv4 or IPv6 as 4 or 16 bytes (inet_pton(3)); empty: it is
// none.
std::string address_bytes(const std::string& text);

// Where a socket of TCP or UDP is bound; nothing for one of another family.
std::optional<InetAddress> inet_address_of(const Fd& socket);
// To what it is connected; nothing: to none, or to one of another family.
std::optional<InetAddress> inet_peer_address_of(const Fd& socket);

}  // namespace faultrig
