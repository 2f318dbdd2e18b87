#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faultrig {

// One rule of nf_tables for packets that come in at a network: which it
// selects, and what becomes of them. Of `drop` and `lose` these are those that
// go to the port and host and those that come from there, of `reject` the
// first alone, since it answers who sends; of TCP and UDP.
struct PacketRule {
  enum class Fate { drop, reject, lose };
  std::string table;  // of its own
  Fate fate = Fate::drop;
  double share = 1;        // of `lose`, 0..1
  std::uint16_t port = 0;  // of TCP and UDP; 0: any packet
  std::string host;        // 4 or 16 bytes; empty: any
  int bits = 0;            // of `host` that count, from its first on
};

// Orders for a socket of NETLINK_NETFILTER, sent by send_orders()
// (shim_network.h), which the kernel follows all or not at all: to set these
// rules; to have one select nothing more, while its counter stays; to take it
// away.
std::string orders_to_set(const std::vector<PacketRule>& rules);
std::string orders_to_stop(const PacketRule& rule);
std::string orders_to_remove(const PacketRule& rule);

// What to ask for the number of packets that met it (packets_counted()).
std::string question_for(const PacketRule& rule);

// Orders for a socket of NETLINK_ROUTE: whatever address of IPv4, or IPv6, is
// called, it is one of this machine, as those of 127.0.0.0/8 are.
std::string orders_for_any_address(bool six);

}  // namespace faultrig
