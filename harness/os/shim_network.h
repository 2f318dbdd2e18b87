#pragma once

#include <array>
#include <string_view>

#include "harness/os/shim_wire.h"

namespace faultrig {

// What a network is known by to those outside of it: a socket of
// NETLINK_NETFILTER (-1: nobody wants it), its /proc/net/snmp, and snmp6, or -1
// without IPv6. The kernel takes orders over the socket from whoever may give
// them there and whoever opened it (netlink(7)): both may be us.
using NetworkFds = std::array<int, 3>;
inline constexpr NetworkFds kNoNetwork{-1, -1, -1};

// A network namespace of this process's own, loopback up (unshare(2)). 0, or an
// errno. After fork.
int make_network();

// Does what the step says in the network of this process, and opens what it is
// known by, O_CLOEXEC. 0, or an errno. After fork: raw calls only.
int rule_network(const RuleNetwork& step, NetworkFds& made);

// Sends messages over a socket of netlink and reads what is said to each. 0, or
// the first errno among that. Blocks for nothing. After fork.
int send_orders(int socket, std::string_view orders);

}  // namespace faultrig
