#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/os/netlink_orders.h"

namespace faultrig {

// The expressions of a rule of nf_tables, added to its orders one behind the
// other (linux/netfilter/nf_tables.h). All that compute do so with one
// register; what compares ends the rule for a packet that differs.
class PacketExpressions {
 public:
  explicit PacketExpressions(NetlinkOrders& orders) : orders_(orders) {}

  // So many bytes of a packet, from there on in its header (`base`:
  // NFT_PAYLOAD_NETWORK_HEADER, ...).
  void load(std::uint32_t base, std::uint32_t at, std::size_t size);
  // Keeps the bits of what was loaded that are set in `mask`, of its size.
  void apply(const std::string& mask);
  // Is what was loaded these bytes? What is known of a packet (NFT_META_...)
  // this one?
  void is(std::string_view bytes);
  void meta_is(std::uint32_t key, int byte);
  // Is this packet one of such a share, 0..1, at random?
  void is_drawn(double share);

  void count();
  // Tells who sent it: NFT_REJECT_TCP_RST, or NFT_REJECT_ICMPX_UNREACH.
  void reject(std::uint32_t how);
  // NF_DROP, or NFT_GOTO with the chain to go to.
  void verdict(int code, const char* chain);

 private:
  void expression(const char* name, const NetlinkOrders::Inner& data);
  void value(std::uint16_t type, std::string_view bytes);
  void compare(std::uint32_t how, std::string_view bytes);

  NetlinkOrders& orders_;
};

}  // namespace faultrig
