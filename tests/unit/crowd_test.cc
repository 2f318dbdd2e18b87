// Many descriptors, of which each is called by itself, or not at all.
#include "harness/run/crowd.h"

#include <poll.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;

struct Pipe {
  PipeEnds ends = make_pipe(true).value();
  void say() const { EXPECT_EQ(write(ends.write.get(), "x", 1), 1); }
  int fd() const { return ends.read.get(); }
};

TEST(Crowd, CallsThoseThatHaveSomething) {
  Loop loop;
  Crowd crowd(loop);
  Pipe one;
  Pipe two;
  std::vector<int> called;
  ASSERT_TRUE(
      crowd.watch(one.fd(), POLLIN, [&](short) { called.push_back(1); }));
  ASSERT_TRUE(
      crowd.watch(two.fd(), POLLIN, [&](short) { called.push_back(2); }));
  EXPECT_FALSE(loop.step(std::chrono::nanoseconds(0)));
  two.say();
  EXPECT_TRUE(loop.step(std::chrono::nanoseconds(0)));
  EXPECT_THAT(called, ElementsAre(2));
  crowd.unwatch(two.fd());
  one.say();
  loop.step(std::chrono::nanoseconds(0));
  EXPECT_THAT(called, ElementsAre(2, 1));
}

// Both have something, and whoever comes first takes the other out.
TEST(Crowd, CallsNobodyWhoWasTakenOutMeanwhile) {
  Loop loop;
  Crowd crowd(loop);
  Pipe one;
  Pipe two;
  int called = 0;
  auto take_out = [&](int other) {
    return [&, other](short) {
      ++called;
      crowd.unwatch(other);
      // What gets its number is another.
      (void)crowd.watch(other, POLLIN, [&](short) { called += 10; });
    };
  };
  ASSERT_TRUE(crowd.watch(one.fd(), POLLIN, take_out(two.fd())));
  ASSERT_TRUE(crowd.watch(two.fd(), POLLIN, take_out(one.fd())));
  one.say();
  two.say();
  loop.step(std::chrono::nanoseconds(0));
  EXPECT_EQ(called, 1);
}

TEST(Crowd, SaysWhatItCannotWatch) {
  Loop loop;
  Crowd crowd(loop);
  EXPECT_FALSE(crowd.watch(-1, POLLIN, [](short) {}));
}

}  // namespace
}  // namespace faultrig
