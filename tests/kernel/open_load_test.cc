// Uploads in pieces, answers without an end, WebSockets: real servers, real
// sockets.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/patience.h"
#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

using namespace std::chrono_literals;
using testing::SizeIs;

Load upload(bool chunked) {
  Load load;
  load.method = "POST";
  load.path = "/upload";
  load.body = "n${n} and so on";
  load.sending.pieces = 3;
  load.sending.pause = 1ms;
  load.sending.chunked = chunked;
  return load;
}

Load open(Load::Kind kind, const std::string& path, int count = 1) {
  Load load;
  load.kind = kind;
  load.path = path;
  load.connections = count;
  load.keep_alive = false;
  return load;
}

TEST(Upload, IsSentInPiecesWithOrWithoutItsLength) {
  for (bool chunked : {false, true}) {
    Load load = upload(chunked);
    load.answer = chunked ? "^12 bytes of -1: n2 and so on$"
                          : "^12 bytes of 12: n2 and so on$";
    Server server("hello");
    Drive drive(server, service_with(load));
    drive.await<ServiceReady>();
    drive.driver().begin_load();
    EXPECT_EQ(drive.await_request(1).end, RequestEnd::wrong);  // n1
    RequestRecord second = drive.await_request(2);
    EXPECT_EQ(second.end, RequestEnd::answered) << chunked;
    EXPECT_TRUE(second.reused);
  }
}

TEST(Upload, IsHalfSentBetweenTwoPieces) {
  Load load = upload(false);
  load.sending.pause = 1h;
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::half_sent);
  server.kill();
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::unsent);
}

TEST(Answer, MayBeLarge) {
  Load load;
  load.path = "/big";
  Server server("hello");
  Drive drive(server, service_with(load));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord record = drive.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::answered);
  EXPECT_GT(record.bytes, 32U << 20);
}

TEST(Events, AreReadUntilTheServerEndsThem) {
  for (Load::Kind kind : {Load::Kind::sse, Load::Kind::stream}) {
    Server server("hello");
    Drive drive(server, service_with(open(kind, "/events", 3)));
    drive.await<ServiceReady>();
    drive.driver().begin_load();
    drive.mark_until(InFlight::answering);
    server.tell(SIGUSR1);
    EXPECT_EQ(drive.await_request(3).end, RequestEnd::answered);
    drive.driver().end_load(60s);
    EXPECT_EQ(drive.await<LoadDone>().loads.at(0).sent, 3U);  // never again
  }
}

TEST(Events, AreCutWhereTheServerIsKilled) {
  Server server("hello");
  Drive drive(server, service_with(open(Load::Kind::sse, "/events")));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::answering);
  server.kill();
  EXPECT_EQ(drive.await_request(1).end, RequestEnd::cut);
}

TEST(OpenWebSocket, AnswersAPingAndTellsTheCodeOfTheClose) {
  Server server("ws_closes");
  Drive drive(server, service_with(open(Load::Kind::websocket, "/ws"),
                                   {.kind = Ready::Kind::tcp}));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::idle);
  server.tell(SIGUSR1);
  RequestRecord record = drive.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::closed);
  EXPECT_EQ(record.status, 101);
  EXPECT_EQ(record.word, "close 1001");
}

TEST(OpenWebSocket, TellsThatNoCloseFrameCame) {
  Server server("ws_cuts");
  Drive drive(server, service_with(open(Load::Kind::websocket, "/ws"),
                                   {.kind = Ready::Kind::tcp}));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::idle);
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(1).word, "no close frame");
}

TEST(OpenWebSocket, IsWrongWhereTheServerSpeaksNone) {
  Server server("hello");
  Drive drive(server, service_with(open(Load::Kind::websocket, "/close")));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord record = drive.await_request(1);
  EXPECT_EQ(record.end, RequestEnd::wrong);
  EXPECT_EQ(record.status, 200);
}

// As many as a load may have; what we cannot have is told as our own limit.
TEST(ServiceHeld, TakesTenThousandConnectionsAndBlamesNoServer) {
  constexpr std::size_t kMany = 10'000;
  Server server("reads");
  Drive drive(server, service_with(open(Load::Kind::silent, "/", kMany),
                                   {.kind = Ready::Kind::tcp}));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::idle);
  drive.driver().end_load(1ms);
  drive.await<LoadDone>();
  auto records = drive.all<RequestRecord>();
  EXPECT_THAT(records, SizeIs(kMany));
  for (const RequestRecord& record : records) {
    bool connecting = record.connected_ns == 0;
    EXPECT_TRUE(record.end == RequestEnd::held ||
                record.end == RequestEnd::own_limit ||
                (connecting && record.end == RequestEnd::timed_out))
        << word_for(record.end);
  }
}

// One at a time is never more than before.
TEST(ServiceLoad, TellsOfEachThatIsAskedWhereThatIsOrdered) {
  Server server("hello");
  Drive drive(server, service_with(Load()), true);
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  EXPECT_EQ(drive.await<MoreInFlight>(2).in_flight, 1);
}

}  // namespace
}  // namespace faultrig
