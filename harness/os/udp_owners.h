#pragma once

#include <cstdint>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/inet_sockets.h"

namespace faultrig {

// Whose the datagrams between two addresses of UDP are, in the network
// namespace in which it was opened (sock_diag(7)). Not after fork.
class UdpOwners {
 public:
  // One that can tell nothing, where the kernel does not answer.
  UdpOwners() = default;
  // An error where the kernel cannot tell any.
  static Result<UdpOwners> open();

  // The cookie of the socket to which the kernel gives what `other` sends to
  // `own`; 0: of none. An error: it cannot tell.
  Result<std::uint64_t> owner(const InetAddress& own,
                              const InetAddress& other) const;

 private:
  explicit UdpOwners(Fd netlink) : netlink_(std::move(netlink)) {}
  Result<bool> knows_ours() const;

  Fd netlink_;
};

}  // namespace faultrig
