#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/fd.h"
#include "harness/base/result.h"
#include "harness/os/network_space.h"

namespace faultrig {

// Sockets of UDP that stand between a workload and whom it asks. All of ours do
// not block; not after fork.

// A new one of IPv4 or IPv6 in that network.
Result<Fd> datagram_in(const Network& network, int family);
// One that is bound on loopback, at the very address that `host` is if that is
// one (127.0.0.53), else at the first of its family; where there is no loopback
// of IPv6, at that of IPv4. It has as much room as the kernel gives.
Result<Fd> datagram_on_loopback(const Network& network,
                                const std::string& host);
// Is this address one of loopback (127.0.0.0/8, ::1)?
bool is_loopback(const std::string& host);

// Is it one of UDP over IPv4 or IPv6?
bool is_udp(const Fd& socket);

// How many datagrams it had no room for since it was made (SO_MEMINFO in
// socket(7)); 0 before Linux 4.12.
std::uint32_t dropped_by(const Fd& socket);
// The next datagram and the sockaddr of its sender: how many bytes, or -errno.
std::int64_t receive_from(const Fd& socket, std::string& into,
                          std::string& sender);
// What of sendto(2) came: bytes, or -errno.
std::int64_t send_to(const Fd& socket, std::string_view bytes,
                     std::string_view sockaddr);

}  // namespace faultrig
