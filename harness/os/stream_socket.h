#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/network_space.h"

namespace faultrig {

class InetSockets;

// Sockets of streams that a proxy works with: TCP over IPv4 and IPv6, and
// unix(7). All of ours do not block.

// Of what family a sockaddr is: AF_INET, AF_INET6, AF_UNIX, ...
int family_of(std::string_view sockaddr);

// Of what family a socket is.
int domain_of(const Fd& socket);
bool is_ipv6(int family);
int ipv4_family();

// A new stream socket in that network.
Result<Fd> stream_in(const Network& network, int family);
// One that listens on loopback, or, of AF_UNIX, under a name without a file.
Result<Fd> listen_on_loopback(const Network& network, int family);
// One that listens at this port of 127.0.0.1 in our network; 0: any that is
// free. May run after fork.
Result<Fd> listen_at_loopback(int port);

// A sockaddr of AF_UNIX as a thread of another process means it: its path seen
// from its root and its folder. `path` is absolute, or `@name`. One that is too
// long that way is reached by a descriptor (proc_pid_fd(5)), which has to live
// until connect(2). `error`: what connect(2) would say of it, where no sockaddr
// can be made.
struct MeantName {
  std::string sockaddr;
  Fd file;
  int error = 0;
};
MeantName unix_sockaddr(int tid, const std::string& path);

// Does connect(2) wait on it, and as long as it takes (SO_SNDTIMEO)?
bool is_blocking(const Fd& socket);
bool has_patience(const Fd& socket);
// Is it a stream, not yet connected, and one that can be? What listens cannot.
bool is_unconnected_stream(const Fd& socket);
// connect(2): 0 or the errno; EINPROGRESS: it goes on.
int begin_connect(const Fd& socket, std::string_view sockaddr);
// connect(2) to one of our listeners, which are never far.
int connect_to(const Fd& socket, const Fd& listener);
// Does a sendto(2) with these flags open a connection (MSG_FASTOPEN in tcp(7))?
bool opens_connection(std::uint64_t flags);
// What became of a connect(2) that went on (SO_ERROR).
int connect_error(const Fd& socket);
// The next connection; empty: none waits. Does not block.
Fd next_connection(const Fd& listener);

// Did this process connect the other side (SO_PEERCRED in unix(7))?
bool is_from_us(const Fd& connection);

// What of recv(2) or send(2) came: bytes, or -errno. 0 of receive: the end.
std::int64_t receive_some(const Fd& socket, std::string& into,
                          std::size_t most);
std::int64_t send_some(const Fd& socket, std::string_view bytes);
// Has the other side been closed, or reset? One that has only said that it
// sends no more (shutdown(2)) has not. `sockets`: of its network; without them
// its side of TCP counts as closed.
bool has_left(const Fd& socket, InetSockets* sockets);
// Nothing more will be sent (shutdown(2)).
void end_sending(const Fd& socket);
// Have bytes come that nobody has read?
bool has_unread(const Fd& socket);
// Will the other side see a reset when it is closed, and no end? unix(7) knows
// one only where bytes are left unread.
bool can_reset(const Fd& socket);
// Closes it with a reset (SO_LINGER of 0 in socket(7)), where it can.
void close_with_reset(Fd& socket);

}  // namespace faultrig
