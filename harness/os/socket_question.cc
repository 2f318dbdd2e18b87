// A request that names both addresses and is no dump is answered by the look-up
// that a packet gets (inet_diag_find_one_icsk(), udp_dump_one() in the kernel).
// The answer is there when send(2) returns.
#include "harness/os/socket_question.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace faultrig {

namespace {

constexpr std::uint32_t kNoCookie = ~0U;  // INET_DIAG_NOCOOKIE

struct Question {
  nlmsghdr header;
  inet_diag_req_v2 request;
};

void set_address(const InetAddress& from, __be32* words, __be16& port) {
  constexpr std::size_t kPrefix = 12;
  bool four = from.is_v4();
  std::memcpy(words, from.bytes.data() + (four ? kPrefix : 0),
              four ? from.bytes.size() - kPrefix : from.bytes.size());
  port = htons(static_cast<std::uint16_t>(from.port));
}

Question question_for(int protocol, const InetAddress& src,
                      const InetAddress& dst) {
  Question out{};
  out.header.nlmsg_len = sizeof out;
  out.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  out.header.nlmsg_flags = NLM_F_REQUEST;
  out.request.sdiag_family =
      static_cast<std::uint8_t>(src.is_v4() ? AF_INET : AF_INET6);
  out.request.sdiag_protocol = static_cast<std::uint8_t>(protocol);
  out.request.idiag_states = ~0U;
  inet_diag_sockid& id = out.request.id;
  set_address(src, id.idiag_src, id.idiag_sport);
  set_address(dst, id.idiag_dst, id.idiag_dport);
  id.idiag_cookie[0] = kNoCookie;
  id.idiag_cookie[1] = kNoCookie;
  return out;
}

}  // namespace

Result<Fd> open_socket_diag() {
  Fd netlink(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!netlink) {
    return system_error("open a netlink socket for sock_diag", errno);
  }
  return netlink;
}

Result<std::optional<inet_diag_msg>> ask_for_socket(const Fd& netlink,
                                                    int protocol,
                                                    const InetAddress& src,
                                                    const InetAddress& dst) {
  Question question = question_for(protocol, src, dst);
  if (send(netlink.get(), &question, sizeof question, MSG_NOSIGNAL) < 0) {
    return system_error("ask the kernel for a socket", errno);
  }
  alignas(nlmsghdr) std::array<char, 4096> buffer{};
  ssize_t got = recv(netlink.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  const auto* answer = reinterpret_cast<const nlmsghdr*>(buffer.data());
  if (got < 0 || !NLMSG_OK(answer, static_cast<std::size_t>(got))) {
    return system_error("read the kernel's answer", got < 0 ? errno : EPROTO);
  }
  if (answer->nlmsg_type == NLMSG_ERROR) {
    int error = -static_cast<const nlmsgerr*>(NLMSG_DATA(answer))->error;
    if (error == ENOENT) {
      return std::optional<inet_diag_msg>();
    }
    return system_error("find a socket", error);
  }
  if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(inet_diag_msg))) {
    return system_error("read the kernel's answer", EPROTO);
  }
  return std::optional(*static_cast<const inet_diag_msg*>(NLMSG_DATA(answer)));
}

}  // namespace faultrig
