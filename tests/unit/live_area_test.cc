#include "harness/cli/live_area.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const Standing::Time kNow = Standing::Time() + std::chrono::hours(10);

Standing standing() {
  return {
      10,
      40,
      2,
      kNow - seconds(65),
      {{"slow", kNow - seconds(61)}, {"a (golden run)", kNow - seconds(2)}}};
}

TEST(LiveArea, TellsWhatIsDoneWhatRunsAndWhatIsLeft) {
  EXPECT_THAT(
      live_lines(standing(), kNow, {80, 24}),
      ElementsAre("10 of 40 done, 2 did not pass, 1 min 05 s, about 3 "
                  "min 15 s left",
                  "  1 min 01 s  slow", "         2 s  a (golden run)"));
}

TEST(LiveArea, GuessesNothingFromNothing) {
  Standing first = standing();
  first.done = 0;
  EXPECT_THAT(live_lines(first, kNow, {80, 24})[0], Not(HasSubstr("left")));
  first.done = 1;
  first.started = kNow;
  EXPECT_THAT(live_lines(first, kNow, {80, 24})[0], Not(HasSubstr("left")));
}

TEST(LiveArea, NeverFillsALineOfTheTerminal) {
  Standing wide = standing();
  wide.running[0].what = std::string(300, 'x');
  wide.running[1].what = "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe6\x97\xa5";
  std::vector<std::string> lines = live_lines(wide, kNow, {20, 24});
  EXPECT_EQ(lines[0].size(), 19U);
  EXPECT_EQ(lines[1].size(), 19U);
  // Two columns each, and no character in part.
  EXPECT_EQ(lines[2], "         2 s  \xe6\x97\xa5\xe6\x9c\xac");
}

TEST(LiveArea, LeavesRoomOnALowTerminal) {
  Standing many = standing();
  for (int i = 0; i < 30; ++i) {
    many.running.push_back({"more", kNow});
  }
  EXPECT_THAT(live_lines(many, kNow, {80, 6}),
              ElementsAre(HasSubstr("done"), HasSubstr("slow"),
                          HasSubstr("golden"), "  and 30 more"));
  EXPECT_THAT(live_lines(many, kNow, {80, 50}), SizeIs(10));
  EXPECT_THAT(live_lines(many, kNow, {80, 2}), SizeIs(2));
}

TEST(LiveArea, ShowsNoControlCharacterOfAName) {
  Standing hostile = standing();
  hostile.running[0].what = "\x1b[2J\nname";
  EXPECT_THAT(live_lines(hostile, kNow, {80, 24})[1],
              HasSubstr("\\x1b[2J\\nname"));
}

}  // namespace
}  // namespace faultrig
