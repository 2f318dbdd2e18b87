#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// What all counters say of the rules for which this asks (question_for()), in
// packets; nothing: no such rule stands. `socket`: one of NETLINK_NETFILTER in
// their network, on which no answer is under way. Blocks for nothing; not after
// fork.
Result<std::optional<std::uint64_t>> packets_counted(int socket,
                                                     std::string_view question);

// Packets for which there was no way out of a network; `file`: its
// /proc/net/snmp or snmp6 (proc_net(5)), read anew.
Result<std::uint64_t> packets_without_route(const Fd& file);

// The same of what was read there: OutNoRoutes of snmp, Ip6OutNoRoutes of
// snmp6; 0 where it is neither.
std::uint64_t no_routes_in(const std::string& content);

}  // namespace faultrig
