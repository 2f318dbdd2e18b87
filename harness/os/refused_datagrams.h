#pragma once

#include <cstdint>
#include <optional>

#include "harness/os/network_space.h"

namespace faultrig {

// How many datagrams of UDP came in that network, since it began, to ports
// where nothing took them (NoPorts of /proc/net/snmp and snmp6,
// proc_pid_net(5)): the kernel refused each (ICMP). Nothing: it does not tell.
// Not after fork.
std::optional<std::uint64_t> refused_datagrams(const Network& network);

}  // namespace faultrig
