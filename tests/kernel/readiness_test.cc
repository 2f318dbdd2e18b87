// When a service is ready, and where: real servers, real sockets.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/inet_sockets.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

Service with(Ready ready) {
  Service service;
  service.ready = std::move(ready);
  return service;
}

// Is a process of ours allowed namespaces of its own?
bool may_have(int spaces) {
  pid_t child = fork();
  if (child == 0) {
    _exit(unshare(spaces) == 0 ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status == 0;
}

Service never_in(std::chrono::milliseconds within, Ready ready) {
  Service service = with(std::move(ready));
  service.ready_within = within;
  return service;
}

TEST(ServiceReadiness, FindsThePortOfAServerAndThatItSpeaksHttp) {
  Server server("hello");
  Drive drive(server, {});
  auto ready = drive.await<ServiceReady>();
  EXPECT_EQ(ready.speech, Speech::http);
  EXPECT_GT(ready.port, 0);
  EXPECT_EQ(ready.address, "127.0.0.1:" + std::to_string(ready.port));
  EXPECT_THAT(ready.addresses, ElementsAre(ready.address));
  auto listens = drive.await<ServiceListens>();
  EXPECT_LE(listens.at_ns, ready.at_ns);
  EXPECT_THAT(listens.addresses, ElementsAre(ready.address));
}

TEST(ServiceReadiness, TellsWhenTheListenerIsGone) {
  Server server("hello");
  Drive drive(server, {});
  drive.await<ServiceReady>();
  server.kill();
  EXPECT_THAT(drive.await<ServiceListens>(1).addresses, IsEmpty());
}

TEST(ServiceReadiness, ReachesServersOfIPv6Alone) {
  if (access("/proc/net/if_inet6", F_OK) != 0) {
    GTEST_SKIP() << "needs IPv6";
  }
  for (const char* way : {"v6", "only_v6"}) {
    Server server(way);
    Drive drive(server, {});
    auto ready = drive.await<ServiceReady>();
    EXPECT_EQ(ready.speech, Speech::http) << way;
    EXPECT_THAT(ready.address, StartsWith("[::1]:")) << way;
  }
}

TEST(ServiceReadiness, ReachesAServerThatListensOnAllAddresses) {
  Server server("anywhere");
  Drive drive(server, {});
  auto ready = drive.await<ServiceReady>();
  EXPECT_EQ(ready.speech, Speech::http);
  EXPECT_THAT(ready.address, StartsWith("127.0.0.1:"));
  EXPECT_THAT(ready.addresses, ElementsAre(StartsWith("[::]:")));
}

TEST(ServiceReadiness, TakesTheListenerThatAnswersHttp) {
  Server server("two");
  Drive drive(server, {});
  auto ready = drive.await<ServiceReady>();
  EXPECT_EQ(ready.speech, Speech::http);
  EXPECT_THAT(ready.addresses, SizeIs(2));
}

TEST(ServiceReadiness, TakesAServerThatSaysNothingOrNoHttpForReady) {
  for (const char* way : {"reads", "banner", "hangs_up"}) {
    Server server(way);
    Drive drive(server, {});
    auto ready = drive.await<ServiceReady>();
    EXPECT_EQ(ready.speech, Speech::unknown) << way;
    EXPECT_GT(ready.port, 0) << way;
  }
}

TEST(ServiceReadiness, GivesASecondToAServerThatHasNotReadTheQuestion) {
  for (const char* way : {"never", "silent"}) {
    Server server(way);
    Drive drive(server, {});
    auto ready = drive.await<ServiceReady>();
    EXPECT_EQ(ready.speech, Speech::unknown) << way;
    EXPECT_GT(ready.at_ns - drive.await<ServiceListens>().at_ns, 900'000'000);
  }
}

TEST(ServiceReadiness, SaysThatAServerWantsTls) {
  for (const char* way : {"tls", "alert"}) {
    Server server(way);
    Drive drive(server, {});
    EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::tls) << way;
  }
}

TEST(ServiceReadiness, NeverTakesAStrangersPort) {
  Server stranger("hello");
  Drive theirs(stranger, {});
  int port = theirs.await<ServiceReady>().port;
  Server server("nowhere");
  using namespace std::chrono_literals;
  Drive drive(server,
              never_in(100ms, {.kind = Ready::Kind::tcp, .port = port}));
  EXPECT_THAT(
      drive.await<NeverReady>().why,
      HasSubstr("port " + std::to_string(port) + " is another process's"));
  EXPECT_THAT(drive.all<ServiceListens>(), IsEmpty());
}

TEST(ServiceReadiness, SaysThatNothingListens) {
  Server server("nowhere");
  using namespace std::chrono_literals;
  Drive drive(server, never_in(100ms, {}));
  EXPECT_EQ(drive.await<NeverReady>().why, "it listens on no TCP port");
}

TEST(ServiceReadiness, SaysThatOnlyAUnixSocketListens) {
  Server server("unix");
  EXPECT_TRUE(
      eventually([&] { return !unix_listeners({server.pid()}).empty(); }));
  using namespace std::chrono_literals;
  Drive drive(server, never_in(10ms, {}));
  EXPECT_EQ(drive.await<NeverReady>().why,
            "it listens on no TCP port, but at the unix socket @answers-" +
                std::to_string(server.pid()));
}

TEST(ServiceReadiness, WaitsForTheStatusThatIsAsked) {
  Server server("hello");
  Drive drive(server, with({.kind = Ready::Kind::http, .text = "/ready"}));
  drive.await<ServiceListens>();
  EXPECT_THAT(drive.all<ServiceReady>(), IsEmpty());
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::http);
}

TEST(ServiceReadiness, FollowsNoRedirection) {
  Server server("hello");
  Drive first(server, {});
  first.await<ServiceReady>();
  using namespace std::chrono_literals;
  Drive drive(server,
              never_in(300ms, {.kind = Ready::Kind::http, .text = "/moved"}));
  EXPECT_THAT(drive.await<NeverReady>().why,
              HasSubstr("/moved is answered with 302, to /moved"));
}

TEST(ServiceReadiness, OfAListenerStillFindsTheOneThatAnswersHttpForItsLoad) {
  Server server("two");
  Service service =
      service_with({.name = "load"}, {.kind = Ready::Kind::listening});
  Drive drive(server, service);
  auto ready = drive.await<ServiceReady>();
  EXPECT_EQ(ready.speech, Speech::unknown);
  while (drive.all<ServiceListens>().back().addresses.size() < 2) {
    drive.await<ServiceListens>(drive.all<ServiceListens>().size());
  }
  drive.driver().begin_load();
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::answered);
  EXPECT_THAT(drive.all<ServiceReady>(), SizeIs(1));
}

TEST(ServiceReadiness, IsReadyForTcpWhereAConnectionIsTaken) {
  Server server("never");
  Drive drive(server, with({.kind = Ready::Kind::tcp}));
  EXPECT_GT(drive.await<ServiceReady>().port, 0);
}

TEST(ServiceReadiness, FindsThePortOnceItIsSaidToBeReady) {
  Server server("hello");
  Drive drive(server, with({.kind = Ready::Kind::output, .text = "ready"}));
  auto listens = drive.await<ServiceListens>();
  EXPECT_THAT(drive.all<ServiceReady>(), IsEmpty());
  drive.driver().be_ready();
  EXPECT_EQ(drive.await<ServiceReady>().address, listens.addresses.at(0));
}

TEST(ServiceReadiness, LooksInTheNetworkOfTheService) {
  for (int spaces : {CLONE_NEWNET, CLONE_NEWUSER | CLONE_NEWNET}) {
    if (!may_have(spaces)) {
      GTEST_SKIP() << "needs a network namespace";
    }
    Server server("hello", spaces);
    Drive drive(server, {});
    EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::http);
  }
}

}  // namespace
}  // namespace faultrig
