#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/network_space.h"

namespace faultrig {

// What a network has counted since it began, in its /proc/net/snmp and snmp6
// (proc_pid_net(5)). Not after fork.

// Packets for which there was no way out (OutNoRoutes). `file`: either of the
// two, read anew.
Result<std::uint64_t> packets_without_route(const Fd& file);

// Datagrams of UDP that came in to ports where nothing took them (NoPorts), in
// both: the kernel refused each (ICMP). Nothing: it does not tell.
std::optional<std::uint64_t> refused_datagrams(const Network& network);

// The number of this name that stands for a protocol in what was read of either
// file: `Ip`, `OutNoRoutes`, which is Ip6OutNoRoutes in snmp6. Nothing: there
// is none.
std::optional<std::uint64_t> counter_in(std::string_view content,
                                        const std::string& protocol,
                                        const std::string& name);

}  // namespace faultrig
