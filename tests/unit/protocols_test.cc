// What loads are made of, protocol by protocol, without a socket.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/load/grpc_frames.h"
#include "harness/load/h2_session.h"
#include "harness/load/target.h"
#include "harness/load/wanted.h"
#include "harness/load/web_socket.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;
using namespace std::string_literals;

// --- Bodies -----------------------------------------------------------------

TEST(Pieces, AreTheRequestInItsOrder) {
  HttpRequest request{"POST", "x", "/", "abcdefg", true};
  auto pieces = pieces_of(request, 3);
  ASSERT_EQ(pieces.size(), 3U);
  EXPECT_THAT(pieces[0], testing::EndsWith("Content-Length: 7\r\n\r\nabc"));
  EXPECT_EQ(pieces[1], "def");
  EXPECT_EQ(pieces[2], "g");
  EXPECT_EQ(pieces[0] + pieces[1] + pieces[2], text_of(request));
}

TEST(Pieces, AreChunksWhereThereIsNoLength) {
  HttpRequest request{"POST", "x", "/", "abc", true, "", true};
  auto pieces = pieces_of(request, 2);
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_THAT(pieces[0], testing::EndsWith(
                             "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"));
  EXPECT_EQ(pieces[1], "1\r\nc\r\n0\r\n\r\n");
  request.body.clear();
  EXPECT_THAT(pieces_of(request, 2),
              ElementsAre(testing::EndsWith("\r\n\r\n0\r\n\r\n")));
}

TEST(Wanted, IsAStatusAndATextOfTheBody) {
  Load load;
  EXPECT_TRUE(Wanted(load).is_met(404, "anything"));
  EXPECT_FALSE(Wanted(load).is_met(500, ""));
  EXPECT_EQ(Wanted(load).kept(), 0U);
  load.status = 201;
  load.answer = "\"ok\": *true";
  Wanted wanted(load);
  EXPECT_TRUE(wanted.is_met(201, "{\"ok\":  true}"));
  EXPECT_FALSE(wanted.is_met(201, "{\"ok\": false}"));
  EXPECT_FALSE(wanted.is_met(200, "{\"ok\": true}"));
  EXPECT_GT(wanted.kept(), 1000U);
}

TEST(Wanted, IsAStatusOfGrpc) {
  Load load;
  EXPECT_TRUE(Wanted(load).is_met_by_grpc(200, 0, ""));
  EXPECT_FALSE(Wanted(load).is_met_by_grpc(200, 14, ""));
  EXPECT_FALSE(Wanted(load).is_met_by_grpc(200, -1, ""));
  EXPECT_FALSE(Wanted(load).is_met_by_grpc(503, 0, ""));
}

TEST(Numbered, HasTheNumberWhereverItIsAskedFor) {
  EXPECT_EQ(numbered("/a/${n}?x=${n}", 7), "/a/7?x=7");
  EXPECT_EQ(numbered("$n {n} ${m}", 7), "$n {n} ${m}");
}

// --- gRPC -------------------------------------------------------------------

TEST(GrpcFrames, PutALengthBeforeAMessage) {
  EXPECT_EQ(grpc_message("abc"), "\0\0\0\0\x03"s + "abc");
  EXPECT_EQ(grpc_message(std::string(300, 'x')).substr(0, 5),
            "\0\0\0\x01\x2c"s);
}

TEST(GrpcFrames, AskAfterTheHealthOfAService) {
  EXPECT_EQ(health_question(""), "\0\0\0\0\0"s);
  EXPECT_EQ(health_question("db"), "\0\0\0\0\x04\x0a\x02"s + "db");
  EXPECT_TRUE(says_serving("\0\0\0\0\x02\x08\x01"s));
  EXPECT_FALSE(says_serving("\0\0\0\0\x02\x08\x02"s));
  EXPECT_FALSE(says_serving("\0\0\0\0\x00"s));
  EXPECT_FALSE(says_serving("\0\0\0\0\x02\x08"s));
  EXPECT_FALSE(says_serving("\0\0\0\0\x03\x0a\xff\xff"s));
  EXPECT_FALSE(says_serving(""));
}

// --- WebSocket --------------------------------------------------------------

// As we send it: masked by "rig!".
std::string ours(char opcode, const std::string& body) {
  std::string frame{static_cast<char>(0x80 | opcode),
                    static_cast<char>(0x80 | body.size())};
  frame += "rig!";
  for (std::size_t i = 0; i < body.size(); ++i) {
    frame += static_cast<char>(body[i] ^ "rig!"[i % 4]);
  }
  return frame;
}

TEST(WebSocketFrames, AreReadHoweverTheyAreCut) {
  std::string stream = "\x81\x05hello"s + "\x02\x7e\x01\x00"s +
                       std::string(256, 'x') + "\x80\x7f"s +
                       "\0\0\0\0\0\x01\0\0"s + std::string(65536, 'y') +
                       "\x89\x02?!"s + "\x88\x04\x03\xe9gone"s.substr(0, 6);
  for (std::size_t step : {std::size_t{1}, std::size_t{7}, stream.size()}) {
    WebSocket socket;
    std::string answer;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      answer += socket.feed(std::string_view(stream).substr(at, step));
    }
    EXPECT_EQ(answer, ours(10, "?!") + ours(8, "\x03\xe9go"));
    EXPECT_EQ(socket.close_code(), 1001);
    EXPECT_FALSE(socket.is_broken());
  }
}

TEST(WebSocketFrames, AreAnsweredOnceWhenTheyClose) {
  WebSocket socket;
  EXPECT_EQ(socket.feed("\x88\x00"s), ours(8, ""));
  EXPECT_EQ(socket.close_code(), 1005);
  EXPECT_THAT(socket.feed("\x89\x00"s), IsEmpty());
}

TEST(WebSocketFrames, AreBrokenWhereNoServerMaySendThem) {
  for (const std::string& wrong :
       {"\x81\x85mask....."s, "\xc1\x00"s, "\x89\x7e\x01\x00"s}) {
    WebSocket socket;
    EXPECT_THAT(socket.feed(wrong), IsEmpty());
    EXPECT_TRUE(socket.is_broken());
  }
}

// --- HTTP/2 -----------------------------------------------------------------

struct Heard final : H2SessionUser {
  std::vector<std::string> all;
  void piece_given(int stream) override { say("piece", stream); }
  void field_came(int stream, std::string_view name,
                  std::string_view value) override {
    say(std::string(name) + "=" + std::string(value), stream);
  }
  void body_came(int stream, std::string_view bytes) override {
    say(std::string(bytes), stream);
  }
  void answer_ended(int stream) override { say("ended", stream); }
  void stream_closed(int stream, std::uint32_t code) override {
    say(h2_error_name(code), stream);
  }
  void say(const std::string& what, int stream) {
    all.push_back(std::to_string(stream) + " " + what);
  }
};

const std::string kSettings = "\0\0\0\x04\0\0\0\0\0"s;

TEST(H2Session, BeginsWithItsPreface) {
  Heard heard;
  H2Session session(heard);
  EXPECT_THAT(session.to_send().bytes,
              StartsWith("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  EXPECT_TRUE(session.may_ask());
}

TEST(H2Session, TellsAnAnswerAndItsEnd) {
  Heard heard;
  H2Session session(heard);
  EXPECT_EQ(session.ask({}), 1);
  session.to_send();
  EXPECT_TRUE(session.feed(kSettings + "\0\0\x01\x01\x04\0\0\0\x01\x88"s +
                           "\0\0\x02\x00\x01\0\0\0\x01ok"s));
  EXPECT_TRUE(session.spoke());
  EXPECT_THAT(heard.all,
              ElementsAre("1 :status=200", "1 ok", "1 ended", "1 NO_ERROR"));
}

// What stands between them is the request, frame for frame.
TEST(H2Session, TellsWhereEachRequestBeginsAndEnds) {
  Heard heard;
  H2Session session(heard);
  session.ask({});
  session.ask({});
  H2Bytes out = session.to_send();
  for (int stream : {1, 3}) {
    std::size_t begin = out.begun.at(stream);
    std::string frame = out.bytes.substr(begin, out.ended.at(stream) - begin);
    ASSERT_GT(frame.size(), 9U);
    EXPECT_EQ(frame[3], 1) << "no frame of HEADERS begins there";
    EXPECT_EQ(static_cast<std::size_t>(frame[2]), frame.size() - 9);
  }
  EXPECT_EQ(out.ended.at(1), out.begun.at(3));
  EXPECT_EQ(out.ended.at(3), out.bytes.size());
}

TEST(H2Session, SendsABodyPieceByPiece) {
  Heard heard;
  H2Session session(heard);
  session.ask({.pieces = {"one", "two"}});
  H2Bytes first = session.to_send();
  EXPECT_THAT(first.bytes, testing::EndsWith("one"));
  EXPECT_FALSE(first.ended.contains(1));
  EXPECT_THAT(heard.all, ElementsAre("1 piece"));
  session.go_on(1);
  H2Bytes last = session.to_send();
  EXPECT_THAT(last.bytes, testing::EndsWith("two"));
  EXPECT_EQ(last.ended.at(1), last.bytes.size());
}

TEST(H2Session, RefusesWhatAGoawayHasNotBegunOn) {
  Heard heard;
  H2Session session(heard);
  session.ask({});
  session.ask({});
  session.to_send();
  heard.all.clear();
  EXPECT_TRUE(
      session.feed(kSettings + "\0\0\x08\x07\0\0\0\0\0\0\0\0\x01\0\0\0\0"s));
  EXPECT_THAT(heard.all, ElementsAre("3 REFUSED_STREAM"));
  EXPECT_EQ(session.goaway(), "GOAWAY NO_ERROR");
  EXPECT_FALSE(session.may_ask());
}

TEST(H2Session, IsOverWhereSomethingElseIsSpoken) {
  Heard heard;
  H2Session session(heard);
  session.to_send();
  bool sound = session.feed("HTTP/1.1 400 Bad Request\r\n\r\n");
  session.to_send();
  EXPECT_TRUE(!sound || session.is_over());
  EXPECT_FALSE(session.spoke());
}

}  // namespace
}  // namespace faultrig
