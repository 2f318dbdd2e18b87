// Calls of this very thread, as a listener would be handed them: to whom they
// go is compared with where its sockets are.
#include "harness/run/call_peers.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/socket_address.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

template <typename T>
std::uint64_t at(const T& what) {
  return reinterpret_cast<std::uint64_t>(&what);
}

Notification call(std::initializer_list<std::uint64_t> arguments) {
  Notification out;
  out.tid = gettid();
  std::copy(arguments.begin(), arguments.end(), std::begin(out.args));
  return out;
}

sockaddr_in v4(std::uint32_t host, int port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_addr.s_addr = htonl(host);
  out.sin_port = htons(static_cast<std::uint16_t>(port));
  return out;
}

PeerNames peers(const std::string& name, const Notification& one) {
  return peers_of(one, name, getpid());
}

std::uint64_t number(const Fd& socket) {
  return static_cast<std::uint64_t>(socket.get());
}

Fd made(int family, int type) { return Fd(socket(family, type, 0)); }

// At 127.0.0.2.
Fd listener(int flags = 0) {
  Fd out = made(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags);
  sockaddr_in where = v4(INADDR_LOOPBACK + 1, 0);
  EXPECT_EQ(bind(out.get(), reinterpret_cast<sockaddr*>(&where), sizeof where),
            0);
  EXPECT_EQ(listen(out.get(), 8), 0);
  return out;
}

Fd connected_from(const Fd& server, std::uint32_t host) {
  Fd out = made(AF_INET, SOCK_STREAM | SOCK_CLOEXEC);
  sockaddr_in own = v4(host, 0);
  sockaddr_in there = v4(INADDR_LOOPBACK + 1, address_of(server).port);
  EXPECT_EQ(bind(out.get(), reinterpret_cast<sockaddr*>(&own), sizeof own), 0);
  EXPECT_EQ(
      connect(out.get(), reinterpret_cast<sockaddr*>(&there), sizeof there), 0);
  return out;
}

TEST(CallPeers, AreWhatTheCallNames) {
  sockaddr_in there = v4(0x7f000003, 6379);
  EXPECT_THAT(*peers("connect", call({99, at(there), sizeof there})).known,
              ElementsAre("127.0.0.3:6379"));
  EXPECT_THAT(
      *peers("sendto", call({99, 0, 0, 0, at(there), sizeof there})).known,
      ElementsAre("127.0.0.3:6379"));
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_addr = in6addr_loopback;
  six.sin6_port = htons(80);
  EXPECT_THAT(*peers("connect", call({99, at(six), sizeof six})).known,
              ElementsAre("[::1]:80"));
  sockaddr_un path{};
  path.sun_family = AF_UNIX;
  std::strcpy(path.sun_path, "here.sock");
  EXPECT_THAT(*peers("connect", call({99, at(path), sizeof path})).known,
              ElementsAre(std::filesystem::current_path() / "here.sock"));
}

TEST(CallPeers, AreThoseOfEachMessage) {
  sockaddr_in first = v4(0x7f000002, 9);
  sockaddr_in second = v4(0x7f000003, 9);
  mmsghdr messages[2] = {};
  messages[0].msg_hdr.msg_name = &first;
  messages[0].msg_hdr.msg_namelen = sizeof first;
  messages[1].msg_hdr.msg_name = &second;
  messages[1].msg_hdr.msg_namelen = sizeof second;
  EXPECT_THAT(*peers("sendmsg", call({99, at(messages[1].msg_hdr)})).known,
              ElementsAre("127.0.0.3:9"));
  EXPECT_THAT(*peers("sendmmsg", call({99, at(messages), 2})).known,
              ElementsAre("127.0.0.2:9", "127.0.0.3:9"));
}

TEST(CallPeers, AreWhereTheSocketIsConnectedTo) {
  Fd server = listener();
  Fd client = connected_from(server, INADDR_LOOPBACK);
  std::string there = "127.0.0.2:" + std::to_string(address_of(server).port);
  for (const char* name : {"write", "read", "close", "shutdown"}) {
    EXPECT_THAT(*peers(name, call({number(client), 0, 0})).known,
                ElementsAre(there))
        << name;
  }
  EXPECT_THAT(*peers("sendto", call({number(client)})).known,
              ElementsAre(there));
}

// tcp(7) takes no notice of an address, and a message without a length of its
// address has none.
TEST(CallPeers, OfAConnectedStreamAreItsOwnWhateverTheCallNames) {
  Fd server = listener();
  Fd client = connected_from(server, INADDR_LOOPBACK);
  std::string there = "127.0.0.2:" + std::to_string(address_of(server).port);
  sockaddr_in other = v4(0x7f000009, 9);
  EXPECT_THAT(
      *peers("sendto", call({number(client), 0, 0, 0, at(other), sizeof other}))
           .known,
      ElementsAre(there));
  msghdr message{};
  message.msg_name = &other;
  message.msg_namelen = 0;
  EXPECT_THAT(*peers("sendmsg", call({number(client), at(message)})).known,
              ElementsAre(there));
}

// udp(7): without a family it is one of IPv4.
TEST(CallPeers, OfADatagramMayNameNoFamily) {
  Fd socket = made(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC);
  sockaddr_in there = v4(0x7f000003, 53);
  there.sin_family = AF_UNSPEC;
  EXPECT_THAT(
      *peers("sendto", call({number(socket), 0, 0, 0, at(there), sizeof there}))
           .known,
      ElementsAre("127.0.0.3:53"));
}

TEST(CallPeers, OfAConnectionThatIsOverAreNotKnown) {
  Fd server = listener();
  Fd client = connected_from(server, INADDR_LOOPBACK);
  Fd taken(accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
  linger reset{1, 0};
  setsockopt(taken.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  taken.reset();
  char byte = 0;
  EXPECT_EQ(read(client.get(), &byte, 1), -1);
  EXPECT_FALSE(peers("write", call({number(client), 0, 0})).known);
}

TEST(CallPeers, OfAListenerThatSharesItsPortAreNotKnown) {
  Fd server = listener(SOCK_NONBLOCK);
  int on = 1;
  setsockopt(server.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  EXPECT_FALSE(peers("accept4", call({number(server), 0, 0, 0})).known);
}

TEST(CallPeers, OfMoreMessagesThanAreReadAreNotKnown) {
  std::vector<mmsghdr> messages(65);
  EXPECT_FALSE(peers("sendmmsg", call({99, at(messages[0]), 65})).known);
}

// A thread may have descriptors of its own (unshare(2), CLONE_FILES).
TEST(CallPeers, AreThoseOfTheThreadThatCalls) {
  Fd server = listener();
  std::string there = "127.0.0.2:" + std::to_string(address_of(server).port);
  int its = -1;
  std::optional<PeerNames> seen;
  std::thread([&] {
    ASSERT_EQ(unshare(CLONE_FILES), 0);
    Fd client = connected_from(server, INADDR_LOOPBACK);
    its = client.get();
    seen = peers("write", call({number(client), 0, 0}));
  }).join();
  EXPECT_EQ(fcntl(its, F_GETFD), -1);
  ASSERT_TRUE(seen);
  if (seen->known) {
    EXPECT_THAT(*seen->known, ElementsAre(there));  // Linux 6.9
  }
}

TEST(CallPeers, OfWhatIsNoSocketAreNone) {
  Fd file = open_file(AT_FDCWD, "/dev/null", O_RDONLY).value();
  EXPECT_THAT(*peers("read", call({number(file), 0, 0})).known, IsEmpty());
  EXPECT_THAT(*peers("read", call({9999, 0, 0})).known, IsEmpty());
  EXPECT_THAT(*peers("fork", call({})).known, IsEmpty());
  Fd alone = made(AF_INET, SOCK_STREAM | SOCK_CLOEXEC);
  EXPECT_THAT(*peers("read", call({number(alone), 0, 0})).known, IsEmpty());
}

TEST(CallPeers, OfAcceptAreThoseThatWait) {
  Fd server = listener(SOCK_NONBLOCK);
  Notification accept = call({number(server), 0, 0, 0});
  EXPECT_THAT(*peers("accept4", accept).known, IsEmpty());
  Fd one = connected_from(server, 0x7f000004);
  std::string first = address_of(one).text;
  EXPECT_THAT(*peers("accept4", accept).known, ElementsAre(first));
  Fd other = connected_from(server, 0x7f000005);
  EXPECT_THAT(*peers("accept4", accept).known,
              UnorderedElementsAre(first, address_of(other).text));
  Fd taken(accept4(server.get(), nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_THAT(*peers("accept4", accept).known,
              ElementsAre(address_of(other).text));
}

// After unshare(2) its process, and each other thread, has another one.
TEST(CallPeers, OfAcceptAreInTheNetworkOfItsThread) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  std::thread([] {
    ASSERT_EQ(unshare(CLONE_NEWNET), 0);
    ifreq loopback{"lo", {}};
    loopback.ifr_flags = IFF_UP;
    Fd any = made(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC);
    ASSERT_EQ(ioctl(any.get(), SIOCSIFFLAGS, &loopback), 0);
    Fd server = listener(SOCK_NONBLOCK);
    Fd one = connected_from(server, 0x7f000004);
    pollfd came{server.get(), POLLIN, 0};
    EXPECT_EQ(poll(&came, 1, 60'000), 1);
    EXPECT_THAT(*peers("accept4", call({number(server), 0, 0, 0})).known,
                ElementsAre(address_of(one).text));
  }).join();
}

TEST(CallPeers, OfAcceptThatWillWaitAreNotKnown) {
  Fd server = listener();
  PeerNames found = peers("accept4", call({number(server), 0, 0, 0}));
  EXPECT_FALSE(found.known);
  EXPECT_EQ(found.unread, "see who will connect");
}

}  // namespace
}  // namespace faultrig
