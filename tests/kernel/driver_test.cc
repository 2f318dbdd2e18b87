// Each request of a load as a fact: real servers, real sockets.
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/machine.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

// One connection that asks once, then waits.
Load one(const std::string& path = "/") {
  Load load;
  load.path = path;
  load.rate = 0.001;
  return load;
}

Load held(Load::Kind kind, int connections = 1) {
  Load load;
  load.kind = kind;
  load.connections = connections;
  return load;
}

RequestRecord request_to(const std::string& way, const Load& load) {
  Server server(way);
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  return drive.await_request(1);
}

TEST(ServiceLoad, TellsAllTimesOfAnAnswer) {
  RequestRecord record = request_to("hello", one());
  EXPECT_EQ(record.end, RequestEnd::answered);
  EXPECT_EQ(record.status, 200);
  EXPECT_TRUE(record.complete);
  EXPECT_TRUE(record.delivered);
  EXPECT_EQ(record.n, 1U);
  EXPECT_GT(record.bytes, 5U);
  EXPECT_LE(record.planned_ns, record.connected_ns);
  EXPECT_LE(record.connected_ns, record.sent_ns);
  EXPECT_LE(record.sent_ns, record.first_byte_ns);
  EXPECT_LE(record.first_byte_ns, record.last_byte_ns);
}

TEST(ServiceLoad, TellsHowAConnectionEndedWithoutAnAnswer) {
  RequestRecord closed = request_to("hangs_up", one());
  EXPECT_EQ(closed.end, RequestEnd::reset);
  EXPECT_EQ(closed.os_errno, 0);
  EXPECT_TRUE(closed.delivered);
  RequestRecord broken = request_to("resets", one());
  EXPECT_EQ(broken.end, RequestEnd::reset);
  EXPECT_EQ(broken.os_errno, ECONNRESET);
}

TEST(ServiceLoad, TellsAnAnswerThatIsCutByItsLengthOrItsChunks) {
  for (const char* way : {"cuts_length", "cuts_chunks"}) {
    RequestRecord record = request_to(way, one());
    EXPECT_EQ(record.end, RequestEnd::cut) << way;
    EXPECT_EQ(record.status, 200) << way;
    EXPECT_FALSE(record.complete) << way;
  }
}

TEST(ServiceLoad, TakesTheCloseForTheEndOfAnAnswerOfHttp10) {
  RequestRecord record = request_to("http10", one());
  EXPECT_EQ(record.end, RequestEnd::answered);
  EXPECT_TRUE(record.complete);
}

TEST(ServiceLoad, TellsAnAnswerThatIsNotAsAsked) {
  Load load = one();
  load.status = 204;
  EXPECT_EQ(request_to("hello", load).end, RequestEnd::wrong);
  RequestRecord failure = request_to("hello", one("/ready"));
  EXPECT_EQ(failure.end, RequestEnd::wrong);
  EXPECT_EQ(failure.status, 503);
  RequestRecord banner = request_to("banner", one());
  EXPECT_EQ(banner.end, RequestEnd::wrong);
  EXPECT_EQ(banner.status, 0);
}

TEST(ServiceLoad, SkipsAnInterimAnswer) {
  RequestRecord record = request_to("hello", one("/early"));
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.end, RequestEnd::answered);
}

TEST(ServiceLoad, SendsABodyWithTheNumberOfItsRequest) {
  Load load;
  load.method = "POST";
  load.path = "/items";
  load.body = R"({"n": ${n}})";
  load.status = 201;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  auto first = drive.await_request(1);
  auto tenth = drive.await_request(10);
  EXPECT_EQ(first.end, RequestEnd::answered);
  EXPECT_EQ(tenth.n, 10U);
  EXPECT_EQ(tenth.end, RequestEnd::answered);
}

TEST(ServiceLoad, KeepsAConnectionAliveUnlessEitherSideCloses) {
  for (const auto& [path, keep, reused] :
       std::vector<std::tuple<std::string, bool, bool>>{
           {"/", true, true}, {"/", false, false}, {"/close", true, false}}) {
    Load load;  // a closed loop
    load.path = path;
    load.keep_alive = keep;
    Server server("hello");
    Drive drive(server, service_with(load));
    drive.await<ServiceReady>();
    drive.driver().begin_load();
    RequestRecord third = drive.await_request(3);
    EXPECT_EQ(third.end, RequestEnd::answered);
    EXPECT_EQ(third.reused, reused) << path;
    EXPECT_EQ(third.connection, reused ? 1U : 3U) << path;
  }
}

TEST(ServiceLoad, AsksAtItsRateThoughNothingIsAnswered) {
  Load load;
  load.path = "/wait";
  load.rate = 1000;
  load.connections = 3;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  EXPECT_EQ(drive.await<MoreInFlight>(2).in_flight, 3);
  server.tell(SIGUSR1);
  auto first = drive.await_request(1);
  auto late = drive.await_request(4);
  auto between = static_cast<std::int64_t>(late.n - first.n);
  EXPECT_EQ(late.planned_ns - first.planned_ns, between * 1'000'000);
  EXPECT_GT(late.sent_ns, late.planned_ns);
}

TEST(ServiceLoad, TellsWhatWasPlannedAndNeverSent) {
  Load load;
  load.path = "/wait";
  load.rate = 10'000;
  load.connections = 2;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await<MoreInFlight>(1);
  drive.mark_until(InFlight::read_unanswered);
  drive.driver().end_load(1ms);
  auto done = drive.await<LoadDone>();
  ASSERT_THAT(done.loads, SizeIs(1));
  EXPECT_EQ(done.loads[0].sent, 2U);
  EXPECT_EQ(done.loads[0].most_in_flight, 2);
  EXPECT_GT(done.loads[0].never_sent, 0U);
  EXPECT_EQ(done.loads[0].planned, 2 + done.loads[0].never_sent);
  EXPECT_THAT(drive.all<RequestRecord>(), SizeIs(2));
  EXPECT_THAT(drive.all<RequestRecord>(),
              Each(Field(&RequestRecord::end, RequestEnd::timed_out)));
}

TEST(ServiceLoad, WaitsForWhatIsOutstandingWhenItEnds) {
  Server server("hello");
  Drive drive(server, service_with(one("/wait")));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await<MoreInFlight>();
  drive.driver().end_load(60s);
  drive.mark_until(InFlight::read_unanswered);
  EXPECT_THAT(drive.all<LoadDone>(), IsEmpty());
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::answered);
  EXPECT_EQ(drive.await<LoadDone>().loads.at(0).never_sent, 0U);
}

TEST(ServiceLoad, IsRefusedWhereNobodyListensAnyMore) {
  Load load;
  load.rate = 200;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await_request(1);
  server.kill();
  std::size_t n = 1;
  RequestRecord last;
  while ((last = drive.await_request(n)).end != RequestEnd::refused && n < 99) {
    ++n;
  }
  EXPECT_EQ(last.os_errno, ECONNREFUSED);
  EXPECT_EQ(last.sent_ns, 0);
}

TEST(ServiceLoad, CountsWhatWasPlannedUntilItsFirstEnd) {
  Load load = one("/wait");
  load.rate = 10'000;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await<MoreInFlight>();
  drive.driver().end_load(60s);
  drive.driver().mark("ended");
  auto ended = drive.await<Marked>();
  drive.mark_until(InFlight::read_unanswered);
  drive.driver().end_load(1ms);
  auto tally = drive.await<LoadDone>().loads.at(0);
  auto first = drive.await_request(1);
  auto most = (ended.at_ns - first.planned_ns) / 100'000 + 1;
  EXPECT_LE(tally.planned, static_cast<std::uint64_t>(most));
}

TEST(ServiceLoad, TellsThatOurOwnDescriptorsAreUsedUp) {
  constexpr int kResources = 24;
  if (auto may = has_capability(kResources); !may) {
    GTEST_SKIP() << "needs CAP_SYS_RESOURCE, to give a limit back";
  }
  Server server("hello");
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit few{64, 64};
  setrlimit(RLIMIT_NOFILE, &few);
  Load load = one("/wait");
  load.rate = 0;
  load.connections = 100;
  Drive drive(server, service_with(load, {.kind = Ready::Kind::tcp}));
  setrlimit(RLIMIT_NOFILE, &before);
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord record = drive.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::own_limit);
  EXPECT_EQ(record.os_errno, EMFILE);
  server.kill();
  std::size_t refusals = 1;  // of our own kernel, by then; no more come
  for (std::size_t n = 2; record.end != RequestEnd::refused; ++n) {
    record = drive.await_request(n);
    refusals += record.end == RequestEnd::own_limit ? 1 : 0;
  }
  EXPECT_LT(refusals, 100U);
}

TEST(ServiceLoad, NeverAsksTwiceOnAConnectionThatTheServerClosed) {
  Load load;  // a closed loop
  Server server("once");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await_request(20);
  for (const auto& record : drive.all<RequestRecord>()) {
    if (record.end != RequestEnd::answered) {
      EXPECT_TRUE(record.reused);
      EXPECT_FALSE(record.delivered);
    }
  }
}

// --- Where a request stands -------------------------------------------------

InFlight standing_at(const std::string& way, const Load& load,
                     InFlight expected) {
  Server server(way);
  Drive drive(server, service_with(load, {.kind = Ready::Kind::tcp}));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  return drive.mark_until(expected);
}

TEST(ServiceMark, TellsWhatTheServerHasDoneWithARequest) {
  const std::pair<std::string, InFlight> ways[] = {
      {"never", InFlight::backlog},
      {"silent", InFlight::sent_unread},
      {"reads", InFlight::read_unanswered},
      {"half", InFlight::answering}};
  for (const auto& [way, expected] : ways) {
    EXPECT_EQ(standing_at(way, one(), expected), expected) << way;
  }
}

TEST(ServiceMark, TellsAnIdleConnectionFromOneThatIsAskedOn) {
  EXPECT_EQ(standing_at("hello", one(), InFlight::idle), InFlight::idle);
  EXPECT_EQ(standing_at("hello", one("/wait"), InFlight::read_unanswered),
            InFlight::read_unanswered);
}

TEST(ServiceMark, TellsARequestThatIsLargerThanWhatIsRead) {
  Load load = one("/items");
  load.method = "POST";
  load.body.assign(16 << 20, 'x');
  EXPECT_EQ(standing_at("silent", load, InFlight::half_sent),
            InFlight::half_sent);
}

TEST(ServiceMark, HoldsWhileTheServiceIsStopped) {
  Load load;  // a closed loop
  load.connections = 4;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await_request(50);
  server.stop();
  drive.mark_until(InFlight::sent_unread);
  std::size_t before = drive.all<Marked>().size();
  drive.driver().mark("again");
  auto marked = drive.await<Marked>(before);
  EXPECT_EQ(marked.name, "again");
  EXPECT_THAT(marked.connections, SizeIs(4));
  drive.driver().mark("and again");
  EXPECT_EQ(drive.await<Marked>(before + 1).connections, marked.connections);
  std::size_t records = drive.all<RequestRecord>().size();
  server.go_on();
  for (std::size_t i = 1; i <= 4; ++i) {
    EXPECT_EQ(drive.await_request(records + i).end, RequestEnd::answered);
  }
}

// --- What is only held ------------------------------------------------------

TEST(ServiceHeld, StandsOpenUntilTheServerEndsIt) {
  using Kind = Load::Kind;
  const std::tuple<Kind, InFlight, int> kinds[] = {
      {Kind::idle, InFlight::idle, 200},
      {Kind::silent, InFlight::idle, 0},
      {Kind::half_head, InFlight::half_sent, 0},
      {Kind::half_body, InFlight::half_sent, 0}};
  for (const auto& [kind, where, status] : kinds) {
    Server server("hello");
    Drive drive(server, service_with(held(kind, 3)));
    drive.await<ServiceReady>();
    drive.driver().begin_load();
    drive.mark_until(where);
    server.kill();
    RequestRecord record = drive.await_request(3);
    EXPECT_EQ(record.end, RequestEnd::closed);
    EXPECT_EQ(record.status, status);
    drive.driver().end_load(60s);
    EXPECT_EQ(drive.await<LoadDone>().loads.at(0).sent, 3U);
  }
}

TEST(ServiceHeld, IsToldAsHeldWhereTheServerNeverEndsIt) {
  Server server("hello");
  Drive drive(server, service_with(held(Load::Kind::silent)));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::idle);
  drive.driver().end_load(1ms);
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::held);
}

}  // namespace
}  // namespace faultrig
