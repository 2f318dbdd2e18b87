#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// An address of TCP. IPv4 stands as IPv6 maps it (::ffff:127.0.0.1), so that
// the two ends of a connection compare equal whatever each calls itself.
struct InetAddress {
  std::array<std::uint8_t, 16> bytes{};
  int port = 0;

  bool is_v4() const;
  bool is_any() const;  // 0.0.0.0 or ::
  // `127.0.0.1` or `::1`.
  std::string host() const;
  // `127.0.0.1:8080` or `[::1]:8080`.
  std::string text() const;
  bool operator==(const InetAddress&) const = default;
  bool operator<(const InetAddress& other) const {
    return std::tie(bytes, port) < std::tie(other.bytes, other.port);
  }
};
InetAddress loopback_v4(int port);
InetAddress loopback_v6(int port);

// A TCP socket as the kernel has it (sock_diag(7)).
struct InetSocket {
  InetAddress local;
  InetAddress remote;
  int state = 0;               // TCP_LISTEN, ... of <netinet/tcp.h>
  std::uint64_t inode = 0;     // 0: no process has it (not accepted, closed)
  std::uint32_t received = 0;  // bytes that nobody has read; of a listener: the
                               // connections that nobody has accepted
  std::uint32_t unacked = 0;   // bytes that the peer's kernel has not taken
  bool only_v6 = false;        // of a listener: IPV6_V6ONLY
  bool operator==(const InetSocket&) const = default;
};

// The TCP sockets of the network namespace in which it was opened. A dump is
// one pass of the kernel over its table: complete for what holds still.
class InetSockets {
 public:
  static Result<InetSockets> open();

  Result<std::vector<InetSocket>> listening();
  Result<std::vector<InetSocket>> all();
  // The connection with these addresses, without a dump. Nothing: there is
  // none, or one that is bound to a device (SO_BINDTODEVICE in socket(7)). Does
  // not tell `only_v6`.
  Result<std::optional<InetSocket>> find(const InetAddress& local,
                                         const InetAddress& remote);
  // Has a process that side of a connection? Where find() tells nothing, a dump
  // does.
  Result<bool> is_held(const InetAddress& local, const InetAddress& remote);

 private:
  explicit InetSockets(Fd netlink) : netlink_(std::move(netlink)) {}
  Result<std::vector<InetSocket>> dump(std::uint32_t states);
  Fd netlink_;
};

// Which of these inodes one of these processes has a descriptor of
// (/proc/PID/fd); processes that are gone have none.
std::set<std::uint64_t> held_sockets(const std::vector<int>& pids,
                                     const std::set<std::uint64_t>& inodes);

// Where these processes listen in our network namespace with sockets of
// unix(7), as /proc/net/unix has it: a path or `@name`; once each.
std::set<std::string> unix_listeners(const std::vector<int>& pids);

// How many bytes that were sent on this TCP socket, which had connected, its
// peer's kernel has taken (tcpi_bytes_acked in tcp(7)); 0 if it cannot tell.
std::uint64_t bytes_taken(int socket);

// How many have arrived there: on loopback what was sent, where nothing had to
// be sent again (tcpi_bytes_sent); else as bytes_taken().
std::uint64_t bytes_arrived(int socket);

}  // namespace faultrig
