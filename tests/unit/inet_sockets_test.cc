// The side of a connection that another process would have: asked of this
// kernel for two sockets of the test's own.
#include "harness/os/inet_sockets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "harness/os/socket_address.h"
#include "harness/os/stream_socket.h"

namespace faultrig {
namespace {

// The kernel may take a moment to bring what one socket sent to the other.
void await(const Fd& socket, short events) {
  pollfd look{socket.get(), events, 0};
  EXPECT_EQ(poll(&look, 1, 60'000), 1);
}

Fd accepted(const Fd& listener) {
  await(listener, POLLIN);
  return next_connection(listener);
}

// A client and the server's side of one connection on loopback.
class Connected {
 public:
  // `device`: the client's socket is bound to it.
  explicit Connected(int family = AF_INET, const std::string& device = "")
      : listener_(listen_on_loopback(here(), family).value()),
        client_(socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (!device.empty()) {
      bound_ = setsockopt(client_.get(), SOL_SOCKET, SO_BINDTODEVICE,
                          device.data(), device.size()) == 0;
    }
    EXPECT_EQ(connect_to(client_, listener_), 0);
    server_ = accepted(listener_);
    client_address_ = inet_address_of(client_).value();
  }

  Result<bool> is_held() const {
    InetSockets sockets = InetSockets::open().value();
    return sockets.is_held(client_address_, inet_address_of(server_).value());
  }
  bool has_left_server() const {
    InetSockets sockets = InetSockets::open().value();
    return has_left(server_, &sockets);
  }
  Result<std::optional<InetSocket>> found() const {
    InetSockets sockets = InetSockets::open().value();
    return sockets.find(client_address_, inet_address_of(server_).value());
  }
  Fd& client() { return client_; }
  const Fd& server() const { return server_; }
  const Fd& listener() const { return listener_; }
  const InetAddress& address() const { return client_address_; }
  bool is_bound() const { return bound_; }

 private:
  static Network here() { return network_space_of(getpid()).value(); }

  Fd listener_;
  Fd client_;
  Fd server_;
  InetAddress client_address_;
  bool bound_ = false;
};

TEST(InetSockets, FindsOneConnectionByItsAddresses) {
  Connected line;
  auto found = line.found();
  ASSERT_TRUE(found.has_value()) << found.error().what;
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->local, line.address());
  EXPECT_EQ((*found)->remote, inet_address_of(line.server()).value());
  EXPECT_NE((*found)->inode, 0U);
  EXPECT_TRUE(line.is_held().value());
}

TEST(InetSockets, FindsOneOfTheOtherFamily) {
  if (!listen_on_loopback(network_space_of(getpid()).value(), AF_INET6)) {
    GTEST_SKIP() << "needs IPv6";
  }
  Connected line(AF_INET6);
  EXPECT_TRUE(line.found().value().has_value());
  EXPECT_TRUE(line.is_held().value());
  line.client().reset();
  EXPECT_FALSE(line.is_held().value());
}

// A socket of IPv6 that has connected to an address of IPv4.
TEST(InetSockets, FindsOneOfBothFamilies) {
  Network here = network_space_of(getpid()).value();
  Fd listener = listen_on_loopback(here, AF_INET).value();
  Fd client(socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!client) {
    GTEST_SKIP() << "needs IPv6";
  }
  ASSERT_EQ(connect_to(client, listener), 0);
  Fd server = accepted(listener);
  InetSockets sockets = InetSockets::open().value();
  auto found = sockets.find(inet_address_of(client).value(),
                            inet_address_of(server).value());
  ASSERT_TRUE(found.has_value()) << found.error().what;
  EXPECT_TRUE(found->has_value());
}

TEST(InetSockets, TellWhatIsHalfClosedFromWhatIsClosed) {
  Connected line;
  shutdown(line.client().get(), SHUT_WR);
  EXPECT_TRUE(line.is_held().value());
  await(line.server(), POLLRDHUP);
  EXPECT_FALSE(line.has_left_server());
  line.client().reset();
  EXPECT_FALSE(line.is_held().value());
  EXPECT_TRUE(line.has_left_server());
}

// The kernel's look-up gives the listener at that port instead.
TEST(InetSockets, FindNoListenerForAConnection) {
  Connected line;
  InetAddress at = inet_address_of(line.listener()).value();
  InetAddress nobody = loopback_v4(1);
  InetSockets sockets = InetSockets::open().value();
  auto found = sockets.find(at, nobody);
  ASSERT_TRUE(found.has_value()) << found.error().what;
  EXPECT_FALSE(found->has_value());
  EXPECT_FALSE(sockets.is_held(at, nobody).value());
}

// The look-up for one does not see it, the dump does.
TEST(InetSockets, AskForAllWhereOneIsNotFound) {
  Connected line(AF_INET, "lo");
  ASSERT_TRUE(line.is_bound());
  EXPECT_FALSE(line.found().value().has_value());
  EXPECT_TRUE(line.is_held().value());
  line.client().reset();
  EXPECT_FALSE(line.is_held().value());
}

}  // namespace
}  // namespace faultrig
