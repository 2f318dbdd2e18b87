// A request that names both addresses is answered by the very look-up that a
// datagram gets (udp_dump_one() in the kernel), which names them from the
// other's side: `src` is the other, `dst` the socket itself. No dump, so its
// price does not grow with the sockets of the machine.
#include "harness/os/udp_owners.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "harness/os/raw_address.h"
#include "harness/os/socket_address.h"

namespace faultrig {

namespace {

constexpr std::uint32_t kNoCookie = ~0U;  // INET_DIAG_NOCOOKIE

void set_address(const InetAddress& from, __be32* words, __be16& port) {
  constexpr std::size_t kPrefix = 12;
  bool four = from.is_v4();
  std::memcpy(words, from.bytes.data() + (four ? kPrefix : 0),
              four ? from.bytes.size() - kPrefix : from.bytes.size());
  port = htons(static_cast<std::uint16_t>(from.port));
}

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

Question question_for(const InetAddress& own, const InetAddress& other) {
  Question out{};
  out.header.nlmsg_len = sizeof out;
  out.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  out.header.nlmsg_flags = NLM_F_REQUEST;
  out.request.sdiag_family =
      static_cast<std::uint8_t>(own.is_v4() ? AF_INET : AF_INET6);
  out.request.sdiag_protocol = IPPROTO_UDP;
  out.request.idiag_states = ~0U;
  inet_diag_sockid& id = out.request.id;
  set_address(other, id.idiag_src, id.idiag_sport);
  set_address(own, id.idiag_dst, id.idiag_dport);
  id.idiag_cookie[0] = kNoCookie;
  id.idiag_cookie[1] = kNoCookie;
  return out;
}

}  // namespace

std::uint64_t cookie_of(const Fd& socket) {
  std::uint64_t cookie = 0;
  socklen_t size = sizeof cookie;
  bool told =
      getsockopt(socket.get(), SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0;
  return told ? cookie : 0;
}

Result<UdpOwners> UdpOwners::open() {
  Fd netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink) {
    return system_error("open a netlink socket for sock_diag", errno);
  }
  UdpOwners out(std::move(netlink));
  TRY_ASSIGN(bool knows, out.knows_ours());
  if (!knows) {
    return unsupported_error("sock_diag knows no sockets of UDP");
  }
  return out;
}

// Where its part for UDP is not there (CONFIG_INET_UDP_DIAG) the kernel says
// that there is no socket, of any.
Result<bool> UdpOwners::knows_ours() const {
  Fd made(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  RawAddress at = loopback_of(AF_INET);
  if (!made || bind(made.get(), at.get(), at.size) != 0) {
    return system_error("bind on loopback", errno);
  }
  InetAddress bound = inet_address_of(made).value_or(InetAddress{});
  TRY_ASSIGN(std::uint64_t found, owner(bound, bound));
  return found != 0 && found == cookie_of(made);
}

Result<std::uint64_t> UdpOwners::owner(const InetAddress& own,
                                       const InetAddress& other) const {
  Question question = question_for(own, other);
  if (send(netlink_.get(), &question, sizeof question, MSG_NOSIGNAL) < 0) {
    return system_error("ask the kernel for a socket", errno);
  }
  alignas(nlmsghdr) std::array<char, 4096> buffer{};
  // It is there when send(2) returns.
  ssize_t got =
      recv(netlink_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  const auto* answer = reinterpret_cast<const nlmsghdr*>(buffer.data());
  if (got < 0 || !NLMSG_OK(answer, static_cast<std::size_t>(got))) {
    return system_error("read the kernel's answer", got < 0 ? errno : EPROTO);
  }
  if (answer->nlmsg_type == NLMSG_ERROR) {
    int error = -static_cast<const nlmsgerr*>(NLMSG_DATA(answer))->error;
    return error == ENOENT ? Result<std::uint64_t>(0)
                           : system_error("find a socket of UDP", error);
  }
  if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg))) {
    return system_error("read the kernel's answer", EPROTO);
  }
  const auto& row = *static_cast<const inet_diag_msg*>(NLMSG_DATA(answer));
  return static_cast<std::uint64_t>(row.id.idiag_cookie[1]) << 32U |
         row.id.idiag_cookie[0];
}

}  // namespace faultrig
