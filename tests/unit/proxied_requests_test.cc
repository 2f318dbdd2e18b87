// Requests that are answered in the server's place, on a connection that both
// sides have used before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/stream_between.h"

namespace faultrig {
namespace {

using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;
using Mode = DependencyMode;

const std::string kOne = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kTwo = "GET /2 HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(ProxiedRequests, AreAnsweredOnAConnectionThatWasUsedBefore) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.client_says(kOne);
  EXPECT_EQ(line.server_reads(), kOne);
  line.server_says(kOk);
  EXPECT_EQ(line.client_reads(), kOk);
  line.set_active(true);
  line.client_says(kTwo);
  EXPECT_THAT(line.client_reads(), StartsWith("HTTP/1.1 503"));
  EXPECT_EQ(line.server_reads(), "");
  EXPECT_THAT(line.effects(), SizeIs(1));
}

// The body of a POST, of which the head has gone on, looks like a request.
TEST(ProxiedRequests, ThatAreUnderWayGoOnUntouched) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  std::string head =
      "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(kOne.size()) +
      "\r\n\r\n";
  line.client_says(head);
  line.set_active(true);
  line.client_says(kOne);
  EXPECT_EQ(line.server_reads(), head + kOne);
  EXPECT_THAT(line.effects(), IsEmpty());
  line.server_says(kOk);
  line.client_says(kTwo);
  EXPECT_THAT(line.client_reads(), StartsWith(kOk + "HTTP/1.1 503"));
  EXPECT_EQ(line.server_reads(), "");
}

TEST(ProxiedRequests, AreAnsweredAfterThoseThatTheServerOwes) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.client_says(kOne);
  line.set_active(true);
  line.client_says(kTwo);
  EXPECT_EQ(line.client_reads(), "");
  EXPECT_THAT(line.effects(), IsEmpty());
  line.server_says(kOk);
  EXPECT_THAT(line.client_reads(), StartsWith(kOk + "HTTP/1.1 503"));
  EXPECT_EQ(line.server_reads(), kOne);
}

TEST(ProxiedRequests, ThatWaitGoOnWhenTheFaultIsOver) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.set_active(true);
  line.client_says(kOne.substr(0, 5));
  EXPECT_EQ(line.server_reads(), "");
  line.set_active(false);
  line.client_says(kOne.substr(5));
  EXPECT_EQ(line.server_reads(), kOne);
  EXPECT_THAT(line.effects(), IsEmpty());
}

TEST(ProxiedRequests, AreNoneWhereAWordIsNoMethod) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.set_active(true);
  line.client_says("PING");
  EXPECT_EQ(line.server_reads(), "PING");
  line.client_says(kOne);
  EXPECT_EQ(line.server_reads(), kOne);
  EXPECT_THAT(line.effects(), IsEmpty());
}

TEST(ProxiedRequests, ThatNeverBecomeOneGoOnWithTheEndOfTheirClient) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.set_active(true);
  line.client_says("GET /");
  EXPECT_EQ(line.server_reads(), "");
  shutdown(line.client().get(), SHUT_WR);
  EXPECT_EQ(line.server_reads(), "GET /<end>");
}

TEST(ProxiedRequests, OfAHeadGetNoBody) {
  StreamBetween line({broken_by(Mode::answer, 503)});
  line.set_active(true);
  line.client_says("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(line.client_reads(), EndsWith("\r\n\r\n"));
  line.client_says(kOne);
  EXPECT_THAT(line.client_reads(), EndsWith("\r\n\r\nbusy"));
}

}  // namespace
}  // namespace faultrig
