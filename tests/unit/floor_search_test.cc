// The least value at which something passes.
#include "harness/sweep/floor_search.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/floors_report.h"
#include "harness/sweep/swept_points.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const Limit kLimit{"fds", "", 5, 256, 65536, 24, "x"};
const Limit kMemory{"memory", "MiB", 1, 256, 65536, 12, "x"};

Floor found(const Limit& limit,
            const std::function<bool(std::int64_t)>& passes) {
  FloorSearch search(limit);
  while (auto value = search.next()) {
    search.learned(*value, passes(*value));
  }
  EXPECT_TRUE(search.ended());
  return search.floor();
}

TEST(FloorSearch, FindsTheStepBetweenWhatPassesAndWhatDoesNot) {
  for (std::int64_t floor : {6, 7, 9, 100, 255, 256, 257, 3000}) {
    Floor it =
        found(kLimit, [&](std::int64_t value) { return value >= floor; });
    EXPECT_EQ(it.trouble, "");
    EXPECT_LE(it.value - floor, kLimit.step(floor)) << floor;
    EXPECT_GE(it.value, floor);
    EXPECT_LT(*it.below, floor);
    EXPECT_EQ(it.value - *it.below <= kLimit.step(it.value), true) << floor;
    EXPECT_EQ(it.passes, 3);
    EXPECT_EQ(it.fails, 3);
    EXPECT_FALSE(it.flaky);
    EXPECT_LT(it.tries, 24);
  }
}

TEST(FloorSearch, GoesByHundredthsWhereItIsLarge) {
  Floor it = found(kMemory, [](std::int64_t value) { return value >= 5000; });
  EXPECT_LE(it.value - *it.below, 50);
}

TEST(FloorSearch, PassesWithTheLeastThereIs) {
  Floor it = found(kLimit, [](std::int64_t) { return true; });
  EXPECT_EQ(it.value, 5);
  EXPECT_FALSE(it.below);
  EXPECT_EQ(it.passes, 3);
}

TEST(FloorSearch, KnowsNoFloorWhereItNeverPasses) {
  Floor it = found(kLimit, [](std::int64_t) { return false; });
  EXPECT_THAT(it.trouble, HasSubstr("does not pass with 65536 either"));
  FloorSearch early(kLimit);
  EXPECT_THAT(early.floor().trouble, HasSubstr("ended before"));
}

// Between 20 and 30 it passes every second time.
TEST(FloorSearch, TellsWhatPassesOnlyAtTimesAsNoise) {
  int tries = 0;
  Floor it = found(kLimit, [&](std::int64_t value) {
    return value >= 30 || (value >= 20 && ++tries % 2 == 0);
  });
  ASSERT_TRUE(it.flaky);
  EXPECT_GE(it.value, it.flaky->failed);
  EXPECT_LE(it.flaky->passed, it.flaky->failed);
  EXPECT_GE(it.flaky->passed, 20);
  EXPECT_LT(it.flaky->failed, 30);
  EXPECT_THAT(it.text(), HasSubstr("flaky from"));
}

TEST(FloorSearch, GivesATryThatWasTakenBackAgain) {
  FloorSearch search(kLimit);
  EXPECT_EQ(search.next(), 256);
  EXPECT_EQ(search.next(), std::nullopt);
  EXPECT_FALSE(search.ended());
  search.take_back(256);
  EXPECT_EQ(search.next(), 256);
}

Floor floor_of(std::int64_t value) {
  Floor floor;
  floor.limit = limit_named("fds");
  floor.value = value;
  floor.below = value - 1;
  floor.passes = 3;
  floor.fails = 3;
  floor.outcome = SiteOutcome::surfaced;
  floor.because = "open: too many open files\x1b[2J";
  return floor;
}

TEST(FloorMap, AGuardHasAQuarterMore) {
  EXPECT_EQ(floor_of(100).guarded(), 125);
  EXPECT_EQ(floor_of(6).guarded(), 8);
}

TEST(FloorMap, IsATableWithoutWhatATerminalWouldObey) {
  FloorMap map;
  map.what = "./store";
  map.floors = {floor_of(9)};
  std::string text = floors_text(map);
  EXPECT_THAT(text,
              AllOf(HasSubstr("fds        9           with 8 surfaced"),
                    HasSubstr("too many open\n"), Not(HasSubstr("\x1b"))));
  EXPECT_THAT(floors_json(map), HasSubstr("\"floor\": 9"));
  EXPECT_TRUE(map.is_known());
  map.floors[0].trouble = "needs a group";
  EXPECT_FALSE(map.is_known());
  EXPECT_THAT(floors_text(map), HasSubstr("nobody can tell: needs a group"));
  map.trouble = "it fails by itself";
  EXPECT_THAT(floors_text(map), HasSubstr("cannot     it fails by itself"));
}

TEST(FloorMap, IsJudgedByWhatComesBelow) {
  FloorMap map;
  map.floors = {floor_of(9)};
  Scenario scenario;
  Expectation asked{"sweep", {}, {}, ""};
  asked.params.set("hung", NumberTest{.number = 0});
  scenario.expect = {asked};
  Judgement good = judge_sweep(scenario, swept_points(map));
  EXPECT_EQ(good.verdict, Verdict::pass);
  EXPECT_EQ(good.observed, "floors: fds 9");
  map.floors[0].outcome = SiteOutcome::hung;
  EXPECT_EQ(judge_sweep(scenario, swept_points(map)).verdict, Verdict::fail);
  map.floors[0].trouble = "no group";
  EXPECT_EQ(judge_sweep(scenario, swept_points(map)).verdict,
            Verdict::inconclusive);
}

}  // namespace
}  // namespace faultrig
