// Requests over HTTP/2 and calls of gRPC: real servers, real sockets.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/patience.h"
#include "tests/kernel/service_rig.h"

namespace faultrig {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Load over_h2(const std::string& path = "/", int requests = 1) {
  Load load;
  load.protocol = Load::Protocol::http2;
  load.path = path;
  load.streams = requests;
  return load;
}

Load call(const std::string& method) {
  Load load = over_h2("/test.Echo/" + method);
  load.protocol = Load::Protocol::grpc;
  load.body = "hello";
  return load;
}

const Ready kTaken{.kind = Ready::Kind::tcp};

// Of a closed loop, the first that ends.
RequestRecord first_of(const std::string& way, const Load& load) {
  Server server(way);
  Drive drive(server, service_with(load, kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  return drive.await_request(1);
}

TEST(H2Load, IsAnsweredWithPriorKnowledgeAndOverTls) {
  for (bool tls : {false, true}) {
    Load load = over_h2();
    load.tls = tls;
    Server server(tls ? "h2" : "h2c");
    Drive drive(server, service_with(load, kTaken));
    drive.await<ServiceReady>();
    drive.driver().begin_load();
    RequestRecord third = drive.await_request(3);
    EXPECT_EQ(third.end, RequestEnd::answered);
    EXPECT_EQ(third.status, 200);
    EXPECT_TRUE(third.complete);
    EXPECT_TRUE(third.reused);
    EXPECT_EQ(third.connection, 1U);
    EXPECT_EQ(third.bytes, 5U);
    EXPECT_LE(third.connected_ns, third.sent_ns);
    EXPECT_LE(third.sent_ns, third.first_byte_ns);
    EXPECT_LE(third.first_byte_ns, third.last_byte_ns);
  }
}

TEST(H2Load, AsksManyAtOnceOnOneConnection) {
  Server server("h2c");
  Drive drive(server, service_with(over_h2("/wait", 7), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  EXPECT_EQ(drive.await<MoreInFlight>(6).in_flight, 7);
  drive.mark_until(InFlight::read_unanswered);
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(7).connection, 1U);
  for (const RequestRecord& record : drive.all<RequestRecord>()) {
    EXPECT_EQ(record.end, RequestEnd::answered);
  }
}

TEST(H2Load, SendsABodyInPieces) {
  Load load = over_h2("/upload");
  load.method = "POST";
  load.body = "n${n} and so on";
  load.sending.pieces = 3;
  load.sending.pause = 1ms;
  load.answer = "^12 bytes of -1: n1 and so on$";
  EXPECT_EQ(first_of("h2c", load).end, RequestEnd::answered);
}

TEST(H2Load, TellsThatAServerSpeaksNoHttp2) {
  EXPECT_EQ(first_of("hello", over_h2()).end, RequestEnd::wrong);
  Load load = over_h2();
  load.tls = true;
  RequestRecord record = first_of("h2c", load);
  EXPECT_EQ(record.end, RequestEnd::refused);
}

// RFC 9113, section 6.8: the second may be asked again without a doubt.
TEST(H2Load, IsNotLostWhereAGoawayHasNotBegunOnIt) {
  Server server("h2_goes");
  Drive drive(server, service_with(over_h2("/", 2), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  RequestRecord second = drive.await_request(1);
  EXPECT_EQ(second.n, 2U);
  EXPECT_EQ(second.end, RequestEnd::refused);
  EXPECT_EQ(second.word, "GOAWAY NO_ERROR");
  EXPECT_NE(second.sent_ns, 0);
  server.tell(SIGUSR1);
  RequestRecord record;
  for (std::size_t n = 2; record.n != 1; ++n) {
    record = drive.await_request(n);
  }
  EXPECT_EQ(record.end, RequestEnd::answered);
}

TEST(H2Load, MakesANewConnectionWhereOneIsGoingAway) {
  Server server("h2_goes");
  Drive drive(server, service_with(over_h2("/", 2), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await_request(1);
  // The place of the second is taken by a third, on another connection.
  EXPECT_TRUE(eventually([&] {
    std::size_t before = drive.all<Marked>().size();
    drive.driver().mark("now");
    for (const auto& one : drive.await<Marked>(before).connections) {
      if (one.connection == 2 && one.where == InFlight::read_unanswered) {
        return true;
      }
    }
    return false;
  }));
}

TEST(H2Load, TellsHowAStreamEndedWithoutItsAnswer) {
  RequestRecord refused = first_of("h2_refuses", over_h2());
  EXPECT_EQ(refused.end, RequestEnd::refused);
  EXPECT_EQ(refused.word, "RST_STREAM REFUSED_STREAM");
  RequestRecord reset = first_of("h2_resets", over_h2());
  EXPECT_EQ(reset.end, RequestEnd::reset);
  EXPECT_EQ(reset.word, "RST_STREAM INTERNAL_ERROR");
  RequestRecord cut = first_of("h2_cuts", over_h2());
  EXPECT_EQ(cut.end, RequestEnd::cut);
  EXPECT_EQ(cut.status, 200);
  EXPECT_FALSE(cut.complete);
  EXPECT_EQ(cut.word, "");
}

TEST(H2Load, IsResetWhereTheServerIsKilledWithAllThatWasOnIt) {
  Server server("h2_reads");
  Drive drive(server, service_with(over_h2("/", 3), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.await<MoreInFlight>(2);
  drive.mark_until(InFlight::read_unanswered);
  server.kill();
  for (std::size_t n = 1; n <= 3; ++n) {
    EXPECT_EQ(drive.await_request(n).end, RequestEnd::reset);
  }
}

// One was read and waits; what came while the server stood still was not.
TEST(H2Load, TellsWhatOfOneConnectionTheServerHasRead) {
  Load load = over_h2("/wait", 1000);
  load.rate = 100;
  load.connections = 1;
  Server server("h2c");
  Drive drive(server, service_with(load, kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::read_unanswered);
  server.stop();
  EXPECT_TRUE(eventually([&] {
    std::size_t before = drive.all<Marked>().size();
    drive.driver().mark("now");
    auto marked = drive.await<Marked>(before).connections;
    return marked.front().where == InFlight::read_unanswered &&
           marked.back().where == InFlight::sent_unread;
  }));
  server.go_on();
}

TEST(H2Load, TellsThatNothingIsReadByAServerThatNeverReads) {
  Server server("silent");
  Drive drive(server, service_with(over_h2("/", 5), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::sent_unread);
  drive.driver().end_load(1ms);
  EXPECT_EQ(drive.await_request(5).end, RequestEnd::timed_out);
}

// --- gRPC -------------------------------------------------------------------

TEST(GrpcLoad, IsAnsweredWithItsStatus) {
  Load load = call("Say");
  load.answer = "hello";
  RequestRecord record = first_of("h2c", load);
  EXPECT_EQ(record.end, RequestEnd::answered);
  EXPECT_EQ(record.word, "grpc-status 0");
  RequestRecord failure = first_of("h2c", call("Fail"));
  EXPECT_EQ(failure.end, RequestEnd::wrong);
  EXPECT_EQ(failure.word, "grpc-status 14");
  Load asked = call("Fail");
  asked.status = 14;
  EXPECT_EQ(first_of("h2c", asked).end, RequestEnd::answered);
  EXPECT_EQ(first_of("h2c", call("None")).end, RequestEnd::wrong);
}

TEST(GrpcLoad, StreamsUntilTheServerEndsThem) {
  Load load = call("Stream");
  load.kind = Load::Kind::grpc_stream;
  load.keep_alive = false;
  load.connections = 2;
  Server server("h2c");
  Drive drive(server, service_with(load, kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  drive.mark_until(InFlight::answering);
  server.tell(SIGUSR1);
  EXPECT_EQ(drive.await_request(2).end, RequestEnd::answered);
  EXPECT_EQ(drive.await_request(1).word, "grpc-status 0");
  drive.driver().end_load(60s);
  EXPECT_EQ(drive.await<LoadDone>().loads.at(0).sent, 2U);
}

TEST(GrpcHealth, ShowsThatAServiceIsReady) {
  Server server("h2c");
  Ready ready{.kind = Ready::Kind::grpc};
  Drive drive(server, service_with(over_h2(), ready));
  drive.await<ServiceListens>();
  server.tell(SIGUSR1);  // until then it is NOT_SERVING
  EXPECT_EQ(drive.await<ServiceReady>().speech, Speech::http);
}

TEST(GrpcHealth, SaysWhyItIsNot) {
  const std::pair<std::string, std::string> ways[] = {
      {"h2c", "does not say that it is serving"}, {"hello", "not in HTTP/2"}};
  for (const auto& [way, why] : ways) {
    Server server(way);
    Service service = service_with(over_h2(), {.kind = Ready::Kind::grpc});
    service.ready_within = 200ms;
    Drive drive(server, service);
    EXPECT_THAT(drive.await<NeverReady>().why, HasSubstr(why)) << way;
  }
}

// Of three that came in one piece: what is read of each is told by its own
// bytes, not by those of all.
TEST(H2Load, TellsARequestOfWhichAPartWasRead) {
  Server server("h2_stops");
  Drive drive(server, service_with(over_h2("/", 3), kTaken));
  drive.await<ServiceReady>();
  drive.driver().begin_load();
  EXPECT_EQ(drive.await<MoreInFlight>(2).in_flight, 3);
  std::vector<InFlight> places;
  auto stand = testing::ElementsAre(
      InFlight::read_unanswered, InFlight::partly_read, InFlight::sent_unread);
  EXPECT_TRUE(eventually([&] {
    std::size_t before = drive.all<Marked>().size();
    drive.driver().mark("now");
    places.clear();
    for (const auto& one : drive.await<Marked>(before).connections) {
      places.push_back(one.where);
    }
    return testing::Matches(stand)(places);
  })) << testing::PrintToString(places);
}

}  // namespace
}  // namespace faultrig
