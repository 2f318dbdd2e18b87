// A question for one socket is answered by the very look-up that a datagram
// gets (udp_dump_one() in the kernel), which names both addresses from the
// other's side: `src` is the other, `dst` the socket itself.
#include "harness/os/udp_owners.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/os/raw_address.h"
#include "harness/os/socket_address.h"
#include "harness/os/socket_cookie.h"
#include "harness/os/socket_question.h"

namespace faultrig {

Result<UdpOwners> UdpOwners::open() {
  TRY_ASSIGN(Fd netlink, open_socket_diag());
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
  TRY_ASSIGN(auto row, ask_for_socket(netlink_, IPPROTO_UDP, other, own));
  return row ? static_cast<std::uint64_t>(row->id.idiag_cookie[1]) << 32U |
                   row->id.idiag_cookie[0]
             : 0;
}

}  // namespace faultrig
