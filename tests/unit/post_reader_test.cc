// Requests as their bytes come, and what is no request.
#include "harness/spans/post_reader.h"

#include <string>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

const std::string kHead =
    "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
const std::string kWhole = kHead + "Content-Length: 5\r\n\r\nhello";
const std::string kChunks = kHead +
                            "Content-Encoding: gzip\r\nTransfer-Encoding: "
                            "chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";

// With what it is answered; 0: it is read, or more has to come.
int status_of(const std::string& bytes) {
  PostReader reader;
  reader.feed(bytes);
  return reader.status();
}

TEST(PostReader, ReadsARequestInAnyPieces) {
  for (const std::string& bytes : {kWhole, kChunks}) {
    PostReader reader;
    EXPECT_TRUE(reader.is_idle());
    for (char byte : bytes) {
      EXPECT_FALSE(reader.is_whole());
      ASSERT_TRUE(reader.feed(std::string_view(&byte, 1)));
      EXPECT_FALSE(reader.is_idle());
    }
    ASSERT_TRUE(reader.is_whole());
    Post post = reader.take();
    EXPECT_EQ(post.method, "POST");
    EXPECT_EQ(post.target, "/v1/traces");
    EXPECT_EQ(post.type, "application/json");
    EXPECT_EQ(post.body, "hello");
    EXPECT_TRUE(post.keeps_alive);
    EXPECT_TRUE(reader.is_idle());
  }
}

TEST(PostReader, ReadsOneBehindTheOther) {
  PostReader reader;
  ASSERT_TRUE(reader.feed(kChunks + kWhole));
  ASSERT_TRUE(reader.is_whole());
  EXPECT_EQ(reader.take().encoding, "gzip");
  ASSERT_TRUE(reader.feed(""));
  ASSERT_TRUE(reader.is_whole());
  EXPECT_EQ(reader.take().encoding, "");
  EXPECT_TRUE(reader.is_idle());
}

TEST(PostReader, SaysWhenALeaveIsWaitedFor) {
  PostReader reader;
  reader.feed(kHead + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_TRUE(reader.waits_for_leave());
  EXPECT_FALSE(reader.waits_for_leave()) << "once";
  ASSERT_TRUE(reader.feed("hello"));
  EXPECT_TRUE(reader.is_whole());
}

TEST(PostReader, RefusesWhatIsTooLarge) {
  std::string most = std::to_string(kLargestSpans);
  std::string more = std::to_string(kLargestSpans + 1);
  EXPECT_EQ(status_of(kHead + "Content-Length: " + most + "\r\n\r\n"), 0);
  EXPECT_EQ(status_of(kHead + "Content-Length: " + more + "\r\n\r\nx"), 413);
  EXPECT_EQ(status_of(kHead + "X: " + std::string(20'000, 'x')), 431);
  PostReader chunks;
  chunks.feed(kHead + "Transfer-Encoding: chunked\r\n\r\n");
  std::string part = "100000\r\n" + std::string(1 << 20, 'x') + "\r\n";
  bool sound = true;
  for (int i = 0; i < 9 && sound; ++i) {
    sound = chunks.feed(part);
  }
  EXPECT_FALSE(sound);
  EXPECT_EQ(chunks.status(), 413);
}

TEST(PostReader, RefusesWhatIsNoRequest) {
  EXPECT_EQ(status_of("hello\r\n\r\n"), 400);
  EXPECT_EQ(status_of(kHead + "Content-Length: x\r\n\r\n"), 400);
  EXPECT_EQ(status_of(kHead + "Content-Length: 99999999999999999999\r\n\r\n"),
            400);
}

TEST(PostReader, KnowsThePrefaceOfGrpc) {
  EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
  EXPECT_EQ(status_of("PRI"), 0) << "it may be";
}

}  // namespace
}  // namespace faultrig
