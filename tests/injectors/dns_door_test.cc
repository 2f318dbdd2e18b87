// What stands where a resolver would: sockets of this very process are led
// there, and refused as the kernel refuses.
#include "harness/run/dns_door.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/datagram_socket.h"
#include "harness/os/network_counters.h"
#include "harness/os/socket_address.h"
#include "harness/os/socket_cookie.h"
#include "harness/os/stream_socket.h"

namespace faultrig {
namespace {

using ::testing::StartsWith;

std::unique_ptr<DnsDoor> door_at(const std::string& host) {
  return DnsDoor::open(network_space_of(getpid()).value(), host).value();
}

// Asks there, as the workload does.
Fd led_to(const DnsDoor& door) {
  Fd asker = datagram_in(door.network(), ipv4_family()).value();
  EXPECT_EQ(door.lead_in(asker), 0);
  return asker;
}

// `well`, or why nothing could be read.
std::string heard(const Fd& asker) {
  std::array<char, 100> bytes{};
  ssize_t got = recv(asker.get(), bytes.data(), bytes.size(), 0);
  return got >= 0 ? "well" : errno == ECONNREFUSED ? "refused" : "nothing";
}

TEST(DnsDoor, StandsAtTheResolversAddressOnLoopback) {
  auto door = door_at("127.0.0.53");
  EXPECT_TRUE(door->is_at("127.0.0.53"));
  Fd asker = led_to(*door);
  EXPECT_THAT(peer_address_of(asker).text, StartsWith("127.0.0.53:"));
  auto other = door_at("192.0.2.1");
  EXPECT_FALSE(other->is_at("192.0.2.1"));
  EXPECT_THAT(peer_address_of(led_to(*other)).text, StartsWith("127.0.0.1:"));
}

TEST(DnsDoor, AnswersWhoHasAsked) {
  auto door = door_at("127.0.0.1");
  Fd asker = led_to(*door);
  EXPECT_EQ(send_some(asker, "ask"), 3);
  auto came = door->next();
  ASSERT_TRUE(came);
  EXPECT_EQ(came->message, "ask");
  EXPECT_EQ(door->answer("told", came->sender), 4);
  EXPECT_EQ(heard(asker), "well");
  EXPECT_FALSE(door->next());
}

// Who is refused asks again, and there it is open.
TEST(DnsDoor, RefusesWhileItIsShut) {
  auto door = door_at("127.0.0.1");
  Fd asker = led_to(*door);
  Fd other = led_to(*door);
  EXPECT_EQ(send_some(asker, "ask"), 3);
  std::string sender = door->next().value_or(DnsDoor::Came{}).sender;
  for (int i = 0; i < 20; ++i) {
    auto before = refused_datagrams(door->network());
    EXPECT_EQ(door->shut(), 0);
    EXPECT_EQ(send_some(asker, "ask"), 3);
    pollfd wait{.fd = asker.get(), .events = 0, .revents = 0};
    EXPECT_EQ(poll(&wait, 1, 60000), 1);
    EXPECT_EQ(door->open_to(sender), 0);
    EXPECT_EQ(heard(asker), "refused");
    EXPECT_EQ(heard(asker), "nothing");
    if (auto after = refused_datagrams(door->network())) {
      EXPECT_GT(*after, *before);
    }
    EXPECT_EQ(send_some(asker, "again"), 5);
    EXPECT_TRUE(door->next());
  }
  EXPECT_EQ(heard(other), "nothing");
}

TEST(DnsDoor, KnowsWhoHasAnAddress) {
  auto door = door_at("127.0.0.1");
  Fd asker = led_to(*door);
  InetAddress at = inet_address_of(asker).value();
  auto owner = door->owner(at);
  if (!owner) {
    GTEST_SKIP() << "needs UDP sockets in sock_diag";
  }
  EXPECT_NE(cookie_of(asker), 0U);
  EXPECT_EQ(*owner, cookie_of(asker));
  asker.reset();
  EXPECT_EQ(door->owner(at), 0U);
  Fd stranger = datagram_in(door->network(), ipv4_family()).value();
  sockaddr_in same{};
  same.sin_family = AF_INET;
  same.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  same.sin_port = htons(static_cast<std::uint16_t>(at.port));
  ASSERT_EQ(
      bind(stranger.get(), reinterpret_cast<sockaddr*>(&same), sizeof same), 0);
  EXPECT_EQ(door->owner(at), cookie_of(stranger));
}

TEST(DnsDoor, KnowsThatItHasLostWhatCame) {
  auto door = door_at("127.0.0.1");
  Fd asker = led_to(*door);
  EXPECT_FALSE(door->has_lost());
  const std::string large(60000, 'x');
  constexpr int kMost = 100000;
  for (int i = 0; i < kMost && !door->has_lost(); ++i) {
    (void)send_some(asker, large);
  }
  EXPECT_TRUE(door->has_lost());
}

}  // namespace
}  // namespace faultrig
