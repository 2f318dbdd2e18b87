// close(2) of a socket that lingers for 0 seconds resets it (socket(7)). The
// end of what a peer sends looks the same whether it was closed or only shut
// down; of TCP the kernel's table tells, of unix(7) poll(2).
#include "harness/os/stream_socket.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "harness/os/inet_sockets.h"
#include "harness/os/raw_address.h"
#include "harness/os/socket_address.h"
#include "harness/os/socket_option.h"

namespace faultrig {

namespace {

constexpr int kBacklog = 4096;

// A socket of IPv6 reaches IPv4 by a mapped address, where it may.
RawAddress mapped(const RawAddress& four) {
  const auto& from = reinterpret_cast<const sockaddr_in&>(four.storage);
  RawAddress out;
  auto& six = reinterpret_cast<sockaddr_in6&>(out.storage);
  six.sin6_family = AF_INET6;
  six.sin6_port = from.sin_port;
  six.sin6_addr.s6_addr[10] = six.sin6_addr.s6_addr[11] = 0xff;
  std::memcpy(&six.sin6_addr.s6_addr[12], &from.sin_addr, sizeof from.sin_addr);
  out.size = sizeof six;
  return out;
}

void send_at_once(const Fd& socket) {
  int on = 1;  // refused by what is no TCP
  (void)setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Result<Fd> made_here(int family) {
  Fd made(socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) {
    return system_error("make a socket", errno);
  }
  send_at_once(made);
  return made;
}

// Has a process the other side of this connection of TCP? The kernel names no
// inode for an orphan (sock_diag(7)).
bool is_held(const Fd& socket, InetSockets& sockets) {
  auto ours = inet_address_of(socket);
  auto theirs = inet_peer_address_of(socket);
  return ours && theirs && sockets.is_held(*theirs, *ours).value_or(false);
}

}  // namespace

int family_of(std::string_view sockaddr) {
  return raw_address(sockaddr).storage.ss_family;
}

int domain_of(const Fd& socket) { return socket_option(socket, SO_DOMAIN); }

bool is_ipv6(int family) { return family == AF_INET6; }

int ipv4_family() { return AF_INET; }

Result<Fd> stream_in(const Network& network, int family) {
  return within(network, [&] { return made_here(family); });
}

Result<Fd> listen_on_loopback(const Network& network, int family) {
  TRY_ASSIGN(Fd made, stream_in(network, family));
  RawAddress at = loopback_of(family);
  if (bind(made.get(), at.get(), at.size) != 0 ||
      listen(made.get(), kBacklog) != 0) {
    return system_error("listen on loopback", errno);
  }
  return made;
}

Result<Fd> listen_at_loopback(int port) {
  TRY_ASSIGN(Fd made, made_here(AF_INET));
  int on = 1;  // an earlier listener's connections may still be closing
  (void)setsockopt(made.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  RawAddress at = loopback_of(AF_INET);
  reinterpret_cast<sockaddr_in&>(at.storage).sin_port =
      htons(static_cast<std::uint16_t>(port));
  if (bind(made.get(), at.get(), at.size) != 0 ||
      listen(made.get(), kBacklog) != 0) {
    return system_error("listen at 127.0.0.1:" + std::to_string(port), errno);
  }
  return made;
}

MeantName unix_sockaddr(int tid, const std::string& path) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  bool file = !path.starts_with('@');
  std::string seen = file ? "/proc/" + std::to_string(tid) + "/root" + path
                          : '\0' + path.substr(1);
  MeantName out;
  if (file && seen.size() >= sizeof name.sun_path) {
    out.file = Fd(open(seen.c_str(), O_PATH | O_CLOEXEC));
    out.error = out.file ? 0 : errno;
    seen = "/proc/self/fd/" + std::to_string(out.file.get());
  }
  std::size_t most = sizeof name.sun_path;
  std::memcpy(name.sun_path, seen.data(), std::min(most, seen.size()));
  std::size_t size =
      offsetof(sockaddr_un, sun_path) + std::min(most, seen.size()) + file;
  out.sockaddr.assign(reinterpret_cast<const char*>(&name), size);
  return out;
}

bool is_blocking(const Fd& socket) {
  int flags = fcntl(socket.get(), F_GETFL);
  return flags >= 0 && (flags & O_NONBLOCK) == 0;
}

bool has_patience(const Fd& socket) {
  timeval most{};
  socklen_t size = sizeof most;
  return getsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &most, &size) == 0 &&
         most.tv_sec == 0 && most.tv_usec == 0;
}

bool is_unconnected_stream(const Fd& socket) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  return socket_option(socket, SO_TYPE) == SOCK_STREAM &&
         socket_option(socket, SO_ACCEPTCONN) != 1 &&
         getpeername(socket.get(), reinterpret_cast<sockaddr*>(&peer), &size) !=
             0;
}

int begin_connect(const Fd& socket, std::string_view sockaddr) {
  RawAddress to = raw_address(sockaddr);
  return connect(socket.get(), to.get(), to.size) == 0 ? 0 : errno;
}

int connect_to(const Fd& socket, const Fd& listener) {
  RawAddress to;
  to.size = sizeof to.storage;
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&to.storage),
                  &to.size) != 0) {
    return errno;
  }
  bool six = socket_option(socket, SO_DOMAIN) == AF_INET6;
  if (six && to.storage.ss_family == AF_INET) {
    to = mapped(to);
  }
  return connect(socket.get(), to.get(), to.size) == 0 ? 0 : errno;
}

bool opens_connection(std::uint64_t flags) {
  return (flags & MSG_FASTOPEN) != 0;
}

int connect_error(const Fd& socket) { return socket_option(socket, SO_ERROR); }

Fd next_connection(const Fd& listener) {
  Fd next(
      accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (next) {
    send_at_once(next);
  }
  return next;
}

bool is_from_us(const Fd& connection) {
  ucred other{};
  socklen_t size = sizeof other;
  return getsockopt(connection.get(), SOL_SOCKET, SO_PEERCRED, &other, &size) ==
             0 &&
         other.pid == getpid();
}

std::int64_t receive_some(const Fd& socket, std::string& into,
                          std::size_t most) {
  into.resize(most);
  ssize_t got = recv(socket.get(), into.data(), most, MSG_DONTWAIT);
  std::int64_t result = got < 0 ? -errno : got;
  into.resize(static_cast<std::size_t>(std::max<std::int64_t>(result, 0)));
  return result;
}

std::int64_t send_some(const Fd& socket, std::string_view bytes) {
  ssize_t put = send(socket.get(), bytes.data(), bytes.size(),
                     MSG_DONTWAIT | MSG_NOSIGNAL);
  return put < 0 ? -errno : put;
}

bool has_left(const Fd& socket, InetSockets* sockets) {
  pollfd look{socket.get(), POLLRDHUP, 0};
  if (poll(&look, 1, 0) != 1) {
    return false;
  }
  // A reset, or both directions have ended.
  bool ended = (look.revents & (POLLERR | POLLHUP)) != 0;
  return ended || (domain_of(socket) != AF_UNIX &&
                   (sockets == nullptr || !is_held(socket, *sockets)));
}

void end_sending(const Fd& socket) { (void)shutdown(socket.get(), SHUT_WR); }

bool has_unread(const Fd& socket) {
  char byte = 0;
  return recv(socket.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool can_reset(const Fd& socket) {
  return domain_of(socket) != AF_UNIX || has_unread(socket);
}

void close_with_reset(Fd& socket) {
  linger none{1, 0};
  (void)setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &none, sizeof none);
  socket.reset();
}

}  // namespace faultrig
