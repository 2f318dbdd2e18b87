// What is said to the kernel about packets, as bytes, and what is read of what
// it says.
#include "harness/os/packet_rules.h"

#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/netlink_orders.h"
#include "harness/os/network_counters.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string bytes(std::initializer_list<int> list) {
  std::string out;
  for (int one : list) {
    out += static_cast<char>(one);
  }
  return out;
}

TEST(NetlinkOrders, CountLengthsFromTheirHeadersOn) {
  NetlinkOrders orders;
  orders.message(0x0a01, 4, "head");
  orders.nest(2, [&] { orders.text(1, "ab"); });
  orders.message(7, 0, "");
  std::string got = orders.take();
  // Of the first: 16 and 4 of headers, 4 of the nest, 4 and 3 and 1 of `ab`.
  ASSERT_EQ(got.size(), 32U + 16U);
  EXPECT_EQ(got.substr(0, 8), bytes({32, 0, 0, 0, 1, 10, 5, 0}));
  EXPECT_EQ(got.substr(16, 4), "head");
  EXPECT_EQ(got.substr(20, 12),
            bytes({12, 0, 2, 0x80, 7, 0, 1, 0, 'a', 'b', 0, 0}));
  EXPECT_EQ(got.substr(32, 8), bytes({16, 0, 0, 0, 7, 0, 1, 0}));
  EXPECT_EQ(orders.take(), "");
}

TEST(NetlinkOrders, HaveNumbersOfNfTablesBigEndFirst) {
  NetlinkOrders orders;
  orders.message(1, 0, "");
  orders.number(3, 0x01020304);
  EXPECT_EQ(orders.take().substr(16), bytes({8, 0, 3, 0, 1, 2, 3, 4}));
}

TEST(PacketRules, NameTheirTableAndSelectBothWays) {
  PacketRule rule{"t7", PacketRule::Fate::drop};
  rule.port = 0x1538;
  std::string orders = orders_to_set({rule});
  EXPECT_THAT(orders, HasSubstr("t7"));
  EXPECT_THAT(orders, HasSubstr("counter"));
  EXPECT_THAT(orders, Not(HasSubstr("numgen")));
  // TCP and UDP, to it and from it.
  std::size_t ports = 0;
  for (std::size_t at = 0;
       (at = orders.find("\x15\x38", at)) != std::string::npos; ++at) {
    ++ports;
  }
  EXPECT_EQ(ports, 4U);
  rule.fate = PacketRule::Fate::lose;
  EXPECT_THAT(orders_to_set({rule}), HasSubstr("numgen"));
}

TEST(PacketRules, TakeNoHeedOfBitsBehindThePrefix) {
  PacketRule one{"t", PacketRule::Fate::drop, 1, 0, "\x0a\x01\x02\x03", 12};
  PacketRule other = one;
  other.host = "\x0a\x0f\x02\x03";
  EXPECT_EQ(orders_to_set({one}), orders_to_set({other}));
  other.host = "\x0a\x1f\x02\x03";
  EXPECT_NE(orders_to_set({one}), orders_to_set({other}));
}

std::optional<std::uint64_t> no_routes_in(const std::string& content) {
  return counter_in(content, "Ip", "OutNoRoutes");
}

TEST(NetworkCounters, AreFoundByTheirProtocolAndName) {
  const std::string snmp =
      "Ip: Forwarding DefaultTTL InReceives OutNoRoutes ReasmTimeout\n"
      "Ip: 2 64 100 17 3\n"
      "Icmp: InMsgs OutNoRoutes\nIcmp: 1 99\n"
      "Udp: InDatagrams NoPorts\nUdp: 7 18446744073709551615\n"
      "UdpLite: InDatagrams NoPorts\nUdpLite: 5 6\n";
  EXPECT_EQ(no_routes_in(snmp), 17U);
  EXPECT_EQ(counter_in(snmp, "Udp", "NoPorts"), UINT64_MAX);
  const std::string snmp6 =
      "Ip6InReceives   5\nIp6OutNoRoutes      \t12\nIp6x 3\n"
      "Udp6NoPorts  8\nUdpLite6NoPorts  9\n";
  EXPECT_EQ(no_routes_in(snmp6), 12U);
  EXPECT_EQ(counter_in(snmp6, "Udp", "NoPorts"), 8U);
}

TEST(NetworkCounters, ThatAreNotThereAreNone) {
  for (const char* text :
       {"", "Ip: OutNoRoutes", "Ip: A OutNoRoutes\nIp: 1\n", "Ip: A\nIp: 1\n",
        "Ip6OutNoRoutes", "Ip6OutNoRoutesToo 3\n"}) {
    EXPECT_EQ(no_routes_in(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace faultrig
