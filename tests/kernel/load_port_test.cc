// Loads that name a port: of a real server that listens there, not yet, no more
// or never.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

// One connection that asks once, then waits.
Load one() {
  Load load;
  load.rate = 0.001;
  return load;
}

TEST(LoadAtAPort, IsRefusedAtAPortThatTheServiceHasJustLeft) {
  Server server("hello");
  Drive first(server, {});
  Load load = one();
  load.port = first.await<ServiceReady>().port;
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  server.kill();
  drive.await<ServiceListens>(1);
  drive.driver().begin_load();
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::refused);
}

// One that nobody listens on now.
int free_port() {
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof at;
  auto* place = reinterpret_cast<sockaddr*>(&at);
  EXPECT_EQ(bind(socket.get(), place, size), 0);
  EXPECT_EQ(getsockname(socket.get(), place, &size), 0);
  return ntohs(at.sin_port);
}

TEST(LoadAtAPort, WaitsForItsPortWhereAnotherOneWasReadyFirst) {
  Load load = one();
  load.port = free_port();
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  setenv("LATER_PORT", std::to_string(load.port).c_str(), 1);
  Server server("later");
  Drive drive(server, service_with(load));
  EXPECT_NE(drive.await<ServiceReady>().port, load.port);
  drive.driver().begin_load();
  drive.driver().mark("begun");
  drive.await<Marked>();
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::answered);
}

// What became of a load at a port that the service never opens.
std::string failure(bool ends) {
  Load load = one();
  load.port = 1;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  if (ends) {
    drive.driver().end_load(std::chrono::seconds(1));
  }
  return drive.await<DriverFailed>().why;
}

TEST(LoadAtAPort, DiesWithItsPortThatTheServiceDoesNotListenOn) {
  EXPECT_EQ(failure(false), "load load: the service does not listen on port 1");
}

// Else a run in which nothing was asked would be told as any other.
TEST(LoadAtAPort, DiesWhereTheLoadEndsBeforeItsPortOpens) {
  EXPECT_EQ(failure(true), "load load: the service does not listen on port 1");
}

}  // namespace
}  // namespace faultrig
