#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/link.h"

namespace faultrig {

// What becomes of packets (nft(8)).
enum class PacketFate {
  drop,    // they do not arrive
  reject,  // their sender is told that nobody takes them
  lose,    // a share of them does not arrive
};

// Packets in a link's own network, and what becomes of them while a fault acts.
struct PacketFault {
  FaultId fault = kNoFault;
  PacketFate fate = PacketFate::drop;
  double share = 1;        // of those that are lost
  std::uint16_t port = 0;  // 0: any
  std::string host;        // 4 or 16 bytes, in network order; empty: any
  int bits = 0;            // of `host` that have to be so
  bool from_start = true;  // else from the fault's trigger on
};

// A network of a link's own (network_namespaces(7)), in which nothing but
// itself is.
struct OwnNet {
  // This fault is that there is nothing else; none: the network stays in a
  // golden run, and any address is one of this machine.
  FaultId cut_off = kNoFault;
  std::vector<PacketFault> packets;

  bool is_cut_off() const { return cut_off != kNoFault; }
};

// The two as one network; an error where they contradict each other.
Result<OwnNet> joined(std::optional<OwnNet> one, OwnNet more);

}  // namespace faultrig
