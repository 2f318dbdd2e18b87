// What becomes of the bytes of one connection when a fault begins and ends in
// the middle of it.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/stream_between.h"

namespace faultrig {
namespace {

using std::chrono::nanoseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Mode = DependencyMode;

void fill(StreamBetween& line) {
  std::string bytes(4096, 'x');
  while (write(line.server().get(), bytes.data(), bytes.size()) > 0) {
    line.turn();
  }
}

TEST(ProxiedStream, ThatHangsCountsNothingThatItsReaderDoesNotRead) {
  StreamBetween line({broken_by(Mode::hang)});
  fill(line);
  line.set_active(true);
  EXPECT_THAT(line.effects(), IsEmpty());
  line.client_reads();
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("was not passed on")));
}

TEST(ProxiedStream, ThatIsSlowLetsGoWhatItHoldsAtItsRelease) {
  nanoseconds hour = std::chrono::hours(1);
  StreamBetween line({broken_by(Mode::slow, hour.count())});
  line.set_active(true);
  line.server_says("late");
  EXPECT_EQ(line.client_reads(), "");
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("was held back")));
  line.set_active(false);
  EXPECT_EQ(line.client_reads(), "late");
}

TEST(ProxiedStream, TellsOnlyOfBytesThatHaveWaitedForBandwidth) {
  StreamBetween line({broken_by(Mode::bandwidth, 1)});
  line.set_active(true);
  line.server_says("many");
  EXPECT_EQ(line.client_reads(), "m");
  EXPECT_THAT(line.effects(), IsEmpty());
  line.set_active(false);
  EXPECT_EQ(line.client_reads(), "any");
  EXPECT_THAT(line.effects(), IsEmpty());
  line.set_active(true);
  line.server_says("many");
  while (line.effects().empty()) {
    line.wait();
  }
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("had to wait")));
}

TEST(ProxiedStream, IsCutByWhatWasSentSinceTheFaultBegan) {
  StreamBetween line({broken_by(Mode::cut, 4)});
  line.server_says(std::string(5000, 'x'));
  EXPECT_EQ(line.client_reads().size(), 5000U);
  line.set_active(true);
  line.server_says("answer");
  EXPECT_EQ(line.client_reads(), "answ<end>");
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("was cut after 4B")));
}

TEST(ProxiedStream, IsCutInTheAnswerThatIsLonger) {
  StreamBetween line({broken_by(Mode::cut, 4)});
  line.set_active(true);
  for (const char* answer : {"one", "four"}) {
    line.client_says("ask");
    line.server_says(answer);
    EXPECT_EQ(line.client_reads(), answer);
  }
  EXPECT_THAT(line.effects(), IsEmpty());
  line.client_says("ask");
  line.server_says("seven!!");
  EXPECT_EQ(line.client_reads(), "seve<end>");
}

// Its client has said that it sends no more, and waits for the answer.
TEST(ProxiedStream, IsOpenUntilItsClientHasClosedIt) {
  StreamBetween line({broken_by(Mode::reset)});
  line.client_says("ask");
  shutdown(line.client().get(), SHUT_WR);
  EXPECT_EQ(line.server_reads(), "ask<end>");
  EXPECT_TRUE(line.stream().is_open());
  line.set_active(true);
  EXPECT_THAT(line.effects(), SizeIs(1));
  EXPECT_TRUE(line.is_over());
}

// unix(7) knows a reset only where bytes were left unread.
TEST(ProxiedStream, IsResetWithItsFirstByteUnread) {
  Dependency from_start = broken_by(Mode::reset);
  from_start.active_from_start = true;
  StreamBetween line({from_start});
  line.client_says("ask");
  EXPECT_EQ(line.client_reads(), "<reset>");
  EXPECT_THAT(line.effects(), ElementsAre(HasSubstr("was reset")));
}

TEST(ProxiedStream, SaysThatItWasEndedWhereNoResetCanBe) {
  StreamBetween standing({broken_by(Mode::reset)});
  standing.set_active(true);
  EXPECT_EQ(standing.client_reads(), "<end>");
  EXPECT_THAT(standing.effects(), ElementsAre(HasSubstr("was ended")));
}

TEST(ProxiedStream, ThatIsClosedMeetsNothing) {
  StreamBetween line({broken_by(Mode::reset)});
  line.client().reset();
  line.turn();
  EXPECT_FALSE(line.stream().is_open());
  line.set_active(true);
  EXPECT_THAT(line.effects(), IsEmpty());
}

}  // namespace
}  // namespace faultrig
