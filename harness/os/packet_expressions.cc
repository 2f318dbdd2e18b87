#include "harness/os/packet_expressions.h"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>

#include <cmath>

namespace faultrig {

namespace {

constexpr std::uint32_t kParts = 10'000;  // of which a share is drawn

}  // namespace

void PacketExpressions::expression(const char* name,
                                   const NetlinkOrders::Inner& data) {
  orders_.nest(NFTA_LIST_ELEM, [&] {
    orders_.text(NFTA_EXPR_NAME, name);
    orders_.nest(NFTA_EXPR_DATA, data);
  });
}

void PacketExpressions::load(std::uint32_t base, std::uint32_t at,
                             std::size_t size) {
  expression("payload", [&] {
    orders_.number(NFTA_PAYLOAD_DREG, NFT_REG_1);
    orders_.number(NFTA_PAYLOAD_BASE, base);
    orders_.number(NFTA_PAYLOAD_OFFSET, at);
    orders_.number(NFTA_PAYLOAD_LEN, static_cast<std::uint32_t>(size));
  });
}

void PacketExpressions::value(std::uint16_t type, std::string_view bytes) {
  orders_.nest(type, [&] { orders_.attribute(NFTA_DATA_VALUE, bytes); });
}

void PacketExpressions::compare(std::uint32_t how, std::string_view bytes) {
  expression("cmp", [&] {
    orders_.number(NFTA_CMP_SREG, NFT_REG_1);
    orders_.number(NFTA_CMP_OP, how);
    value(NFTA_CMP_DATA, bytes);
  });
}

void PacketExpressions::is(std::string_view bytes) {
  compare(NFT_CMP_EQ, bytes);
}

void PacketExpressions::meta_is(std::uint32_t key, int byte) {
  expression("meta", [&] {
    orders_.number(NFTA_META_DREG, NFT_REG_1);
    orders_.number(NFTA_META_KEY, key);
  });
  is(std::string(1, static_cast<char>(byte)));
}

void PacketExpressions::apply(const std::string& mask) {
  expression("bitwise", [&] {
    orders_.number(NFTA_BITWISE_SREG, NFT_REG_1);
    orders_.number(NFTA_BITWISE_DREG, NFT_REG_1);
    orders_.number(NFTA_BITWISE_LEN, static_cast<std::uint32_t>(mask.size()));
    value(NFTA_BITWISE_MASK, mask);
    value(NFTA_BITWISE_XOR, std::string(mask.size(), '\0'));
  });
}

// Numbers are compared from their first byte on: as big-endian ones.
void PacketExpressions::is_drawn(double share) {
  expression("numgen", [&] {
    orders_.number(NFTA_NG_DREG, NFT_REG_1);
    orders_.number(NFTA_NG_MODULUS, kParts);
    orders_.number(NFTA_NG_TYPE, NFT_NG_RANDOM);
  });
  expression("byteorder", [&] {
    orders_.number(NFTA_BYTEORDER_SREG, NFT_REG_1);
    orders_.number(NFTA_BYTEORDER_DREG, NFT_REG_1);
    orders_.number(NFTA_BYTEORDER_OP, NFT_BYTEORDER_HTON);
    orders_.number(NFTA_BYTEORDER_LEN, sizeof kParts);
    orders_.number(NFTA_BYTEORDER_SIZE, sizeof kParts);
  });
  std::uint32_t below =
      htonl(static_cast<std::uint32_t>(std::lround(share * kParts)));
  compare(NFT_CMP_LT, {reinterpret_cast<const char*>(&below), sizeof below});
}

void PacketExpressions::count() {
  expression("counter", [] {});
}

void PacketExpressions::reject(std::uint32_t how) {
  expression("reject", [&] {
    orders_.number(NFTA_REJECT_TYPE, how);
    if (how == NFT_REJECT_ICMPX_UNREACH) {
      orders_.attribute(NFTA_REJECT_ICMP_CODE,
                        std::string(1, NFT_REJECT_ICMPX_PORT_UNREACH));
    }
  });
}

void PacketExpressions::verdict(int code, const char* chain) {
  auto content = [&] {
    orders_.number(NFTA_VERDICT_CODE, static_cast<std::uint32_t>(code));
    if (chain != nullptr) {
      orders_.text(NFTA_VERDICT_CHAIN, chain);
    }
  };
  expression("immediate", [&] {
    orders_.number(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    orders_.nest(NFTA_IMMEDIATE_DATA,
                 [&] { orders_.nest(NFTA_DATA_VERDICT, content); });
  });
}

}  // namespace faultrig
