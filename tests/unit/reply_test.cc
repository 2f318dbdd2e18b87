#include <gtest/gtest.h>

#include "harness/load/http_messages.h"

namespace faultrig {
namespace {

// Byte by byte, as the worst network gives it.
Reply read(const std::string& text, bool to_head = false) {
  Reply reply(to_head);
  for (char byte : text) {
    EXPECT_TRUE(reply.feed({&byte, 1})) << text;
  }
  return reply;
}

TEST(Reply, EndsWithItsContentLength) {
  Reply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
  EXPECT_TRUE(reply.is_http());
  EXPECT_FALSE(reply.complete());
  EXPECT_FALSE(reply.keeps_alive());
  EXPECT_TRUE(reply.feed("o"));
  EXPECT_TRUE(reply.complete());
  EXPECT_TRUE(reply.keeps_alive());
  EXPECT_EQ(reply.status(), 200);
  EXPECT_EQ(reply.beginning(), "hello");
}

TEST(Reply, EndsWithItsLastChunk) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    Reply reply = read(text.substr(0, size));
    EXPECT_FALSE(reply.complete()) << size;
    reply.end();
    EXPECT_FALSE(reply.complete()) << size;
  }
  EXPECT_TRUE(read(text).keeps_alive());
  Reply at_once;
  EXPECT_TRUE(at_once.feed(text));
  EXPECT_TRUE(at_once.complete());
}

TEST(Reply, MayBeEmptyInChunks) {
  Reply reply =
      read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
  EXPECT_FALSE(reply.complete());
  EXPECT_TRUE(reply.feed("\r\n"));
  EXPECT_TRUE(reply.complete());
  EXPECT_TRUE(reply.keeps_alive());
}

TEST(Reply, EndsWithItsConnectionWhereItTellsNoLength) {
  Reply reply = read("HTTP/1.0 200 OK\r\n\r\nhello");
  EXPECT_FALSE(reply.complete());
  reply.end();
  EXPECT_TRUE(reply.complete());
  EXPECT_FALSE(reply.keeps_alive());
}

TEST(Reply, IsNotWholeWhereItsConnectionEndsBeforeItsLength) {
  Reply reply = read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
  reply.end();
  EXPECT_FALSE(reply.complete());
  Reply head = read("HTTP/1.1 200 OK\r\nContent-Le");
  head.end();
  EXPECT_FALSE(head.is_http());
  EXPECT_EQ(head.status(), 0);
}

TEST(Reply, KeepsNoConnectionThatIsToClose) {
  EXPECT_FALSE(read("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                    "Content-Length: 0\r\n\r\n")
                   .keeps_alive());
}

TEST(Reply, HasNoBodyWhereNoneMayBe) {
  const std::string length = "\r\nContent-Length: 5\r\n\r\n";
  EXPECT_TRUE(read("HTTP/1.1 200 OK" + length, true).complete());
  EXPECT_TRUE(read("HTTP/1.1 304 Not Modified" + length).complete());
  EXPECT_TRUE(read("HTTP/1.1 204 No Content\r\n\r\n").complete());
}

TEST(Reply, SkipsInterimAnswers) {
  Reply reply = read("HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_FALSE(reply.complete());
  EXPECT_TRUE(
      reply.feed("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                 "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"));
  EXPECT_TRUE(reply.complete());
  EXPECT_EQ(reply.status(), 201);
  EXPECT_FALSE(reply.overran());
}

// A server may write its lines one by one, or its network may cut them.
TEST(Reply, MayComeInAnyPieces) {
  const std::string text =
      "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
      "3\r\n\r\nok\n";
  for (std::size_t first = 1; first < text.size(); ++first) {
    for (std::size_t size : {std::size_t{1}, std::size_t{7}, text.size()}) {
      Reply reply;
      EXPECT_TRUE(reply.feed(text.substr(0, first)));
      for (std::size_t at = first; at < text.size(); at += size) {
        EXPECT_TRUE(reply.feed(text.substr(at, size))) << first << " " << size;
      }
      EXPECT_TRUE(reply.complete()) << first << " " << size;
      EXPECT_EQ(reply.status(), 200);
    }
  }
}

TEST(Reply, SeesBytesThatNobodyAskedFor) {
  Reply reply;
  EXPECT_TRUE(reply.feed("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nmore"));
  EXPECT_TRUE(reply.complete());
  EXPECT_TRUE(reply.overran());
}

TEST(Reply, RefusesWhatIsNoHttp) {
  for (const char* text :
       {"INFO {}\r\n", "SSH-2.0-x\r\n", "\x15\x03\x01", "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"}) {
    Reply reply;
    EXPECT_FALSE(reply.feed(text)) << text;
    EXPECT_FALSE(reply.feed("HTTP/1.1 200 OK\r\n\r\n")) << text;
    EXPECT_FALSE(reply.complete()) << text;
  }
}

TEST(Reply, RefusesWhatIsNoHttpByteByByte) {
  Reply reply;
  EXPECT_TRUE(reply.feed("H"));
  EXPECT_FALSE(reply.feed("E"));
}

TEST(Reply, KeepsNoMoreOfAHeadThanItsLimit) {
  Reply reply;
  EXPECT_TRUE(reply.feed("HTTP/1.1 200 OK\r\n"));
  const std::string line = "X: " + std::string(8 << 10, 'x') + "\r\n";
  int lines = 0;
  while (reply.feed(line) && lines < 100) {
    ++lines;
  }
  EXPECT_LT(lines, 9);
}

TEST(Reply, CountsABodyOfAnyLength) {
  Reply reply;
  EXPECT_TRUE(
      reply.feed("HTTP/1.1 200 OK\r\nContent-Length: 100000001\r\n\r\n"));
  const std::string part(1000000, 'x');
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(reply.feed(part));
  }
  EXPECT_FALSE(reply.complete());
  EXPECT_TRUE(reply.feed("x"));
  EXPECT_TRUE(reply.complete());
  EXPECT_EQ(reply.beginning().size(), 256U);
}

TEST(Reply, TellsWhereARedirectionLeads) {
  Reply reply = read(
      "HTTP/1.1 302 Found\r\nLocation: /login\r\n"
      "Content-Length: 0\r\n\r\n");
  EXPECT_EQ(reply.location(), "/login");
}

}  // namespace
}  // namespace faultrig
