// Requests of HTTP/1.1 as they come, in whatever pieces.
#include "harness/run/http_requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Next = HttpRequests::Next;

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kPost =
    "POST /x HTTP/1.1\r\nhost: a\r\ncontent-LENGTH:  5 \r\n\r\nhello";
const std::string kChunks =
    "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;a=b\r\nhello\r\n0\r\nTrailer: x\r\n\r\n";
const std::string kEmptyChunks =
    "PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

Next first_of(const std::string& bytes) {
  HttpRequests requests;
  requests.add(bytes);
  return requests.next();
}

TEST(HttpRequests, AreWholeWhenTheirLastByteHasCome) {
  for (const std::string& whole : {kGet, kPost, kChunks, kEmptyChunks}) {
    HttpRequests requests;
    for (char byte : whole) {
      EXPECT_NE(requests.next(), Next::whole) << whole;
      requests.add(std::string(1, byte));
    }
    EXPECT_EQ(requests.next(), Next::whole) << whole;
    requests.drop();
    EXPECT_EQ(requests.next(), Next::none);
    EXPECT_FALSE(requests.closes());
  }
}

TEST(HttpRequests, MayComeManyAtOnce) {
  HttpRequests requests;
  requests.add(kPost + kGet + kChunks + "GET /");
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(requests.next(), Next::whole);
    requests.drop();
  }
  EXPECT_EQ(requests.next(), Next::part);
  EXPECT_EQ(requests.pass(), "GET /");
  EXPECT_EQ(requests.next(), Next::none);
}

TEST(HttpRequests, AreNotOtherProtocols) {
  for (const char* other :
       {"\x16\x03\x01\x02", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "ping\n",
        "PING", "*1\r\n$4\r\nPING\r\n", "GET /\r\n\r\n", "HELO a\r\n",
        "POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    EXPECT_EQ(first_of(other), Next::rest) << other;
  }
}

TEST(HttpRequests, SayWhenTheyAreTheLast) {
  for (const char* last :
       {"GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nConnection: Close\r\n\r\n",
        "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"}) {
    HttpRequests requests;
    requests.add(last);
    EXPECT_EQ(requests.next(), Next::whole) << last;
    requests.drop();
    EXPECT_TRUE(requests.closes()) << last;
  }
}

// Half of a request has gone on: so does the other, whatever it looks like.
TEST(HttpRequests, ThatHaveBegunToGoOnAreNoOthers) {
  HttpRequests requests;
  requests.add("POST / HTTP/1.1\r\nContent-Length: " +
               std::to_string(kGet.size()) + "\r\n\r\n");
  EXPECT_EQ(requests.next(), Next::part);
  requests.pass();
  EXPECT_EQ(requests.next(), Next::none);
  requests.add(kGet + kPost);
  EXPECT_EQ(requests.next(), Next::rest);
  EXPECT_EQ(requests.pass(), kGet);
  EXPECT_EQ(requests.next(), Next::whole);
  EXPECT_TRUE(requests.is_owed());
}

TEST(HttpRequests, AreOwedAnAnswerUntilItIsWhole) {
  HttpRequests requests;
  requests.add("HEAD / HTTP/1.1\r\n\r\n" + kGet);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(requests.next(), Next::whole);
    requests.pass();
  }
  requests.heard("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(requests.is_owed());
  requests.heard("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_TRUE(requests.is_owed());
  requests.heard("llo");
  EXPECT_FALSE(requests.is_owed());
  requests.add(kGet);
  EXPECT_EQ(requests.next(), Next::whole);
}

// A server that speaks first, or changes the protocol.
TEST(HttpRequests, AreNoneWhereTheServerSpeaksAnotherProtocol) {
  HttpRequests requests;
  requests.heard("220 mail\r\n");
  requests.add(kGet);
  EXPECT_EQ(requests.next(), Next::rest);
}

TEST(HttpAnswer, ToAHeadHasNoBody) {
  std::string answer = http_answer(503, "busy", false, true);
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(HttpAnswer, IsAsLongAsItSays) {
  std::string answer = http_answer(503, "busy", false, false);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 4\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nbusy"));
  EXPECT_THAT(http_answer(204, "", true, false),
              HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(http_answer(204, "", true, false),
              Not(HasSubstr("Content-Length")));
}

}  // namespace
}  // namespace faultrig
