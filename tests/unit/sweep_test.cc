// What a sweep tries next, how surely it knows, and where it looks closer.
#include "harness/sweep/sweep.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/sweep/share.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;

using Answer = std::function<std::string(const SweepPoint&, int attempt)>;

// Does all that a sweep asks for; gives how often each point was tried.
std::map<std::int64_t, int> done(Sweep& sweep, const Answer& answer) {
  std::map<std::int64_t, int> tries;
  while (auto point = sweep.next()) {
    sweep.learned(*point, answer(*point, ++tries[point->position]));
  }
  return tries;
}

std::vector<SweepPoint> line(std::vector<std::int64_t> positions) {
  std::vector<SweepPoint> out;
  for (std::int64_t position : positions) {
    out.push_back({1, position});
  }
  return out;
}

std::vector<std::int64_t> positions(const std::map<std::int64_t, int>& tries) {
  std::vector<std::int64_t> out;
  for (const auto& [position, times] : tries) {
    out.push_back(position);
  }
  return out;
}

TEST(Sweep, StopsWhereThreeOfThreeAgree) {
  Sweep sweep(line({1, 2}), {});
  auto tries = done(sweep, [](auto&, int) { return "exited 0"; });
  EXPECT_EQ(tries, (std::map<std::int64_t, int>{{1, 3}, {2, 3}}));
}

TEST(Sweep, TriesAsOftenAsItMayWhereTriesDiffer) {
  Sweep sweep(line({1}), {.times = 7});
  auto tries = done(sweep, [](auto&, int attempt) {
    return attempt == 2 ? "killed" : "exited 0";
  });
  EXPECT_EQ(tries[1], 7);
  EXPECT_EQ(sweep.settled({1, 1}), "exited 0");
}

TEST(Sweep, TriesNoMoreThanItMay) {
  Sweep sweep(line({1}), {.times = 2});
  EXPECT_EQ(done(sweep, [](auto&, int) { return "a"; })[1], 2);
}

TEST(Sweep, FindsTheBorderBetweenNeighboursThatDiffer) {
  Sweep sweep(line({1, 100}), {});
  auto tries = done(sweep, [](const SweepPoint& point, int) {
    return point.position < 38 ? "killed" : "exited 0";
  });
  EXPECT_TRUE(tries.contains(37));
  EXPECT_TRUE(tries.contains(38));
  EXPECT_LT(tries.size(), 12U);
}

TEST(Sweep, LooksNowhereBetweenNeighboursThatAgree) {
  Sweep sweep(line({1, 100}), {});
  EXPECT_THAT(positions(done(sweep, [](auto&, int) { return "a"; })),
              ElementsAre(1, 100));
}

TEST(Sweep, LooksNowhereBetweenPointsThatStandAlone) {
  Sweep sweep({{0, 1}, {0, 9}, {1, 20}}, {});
  auto tries = done(sweep, [](const SweepPoint& point, int) {
    return std::to_string(point.position);
  });
  EXPECT_THAT(positions(tries), ElementsAre(1, 9, 20));
}

TEST(Sweep, LooksNowhereBesideATryThatSaysNothing) {
  Sweep sweep(line({1, 9}), {});
  auto tries = done(sweep, [](const SweepPoint& point, int) {
    return point.position == 1 ? "" : "exited 0";
  });
  EXPECT_THAT(positions(tries), ElementsAre(1, 9));
  EXPECT_EQ(tries[1], 3);
}

TEST(Sweep, AddsNoMorePointsThanItMay) {
  Sweep sweep(line({1, 100}), {.added = 2});
  auto tries = done(sweep, [](const SweepPoint& point, int) {
    return point.position % 2 == 0 ? "killed" : "exited 0";
  });
  EXPECT_EQ(tries.size(), 4U);
}

TEST(Sweep, TriesEveryPointOnceBeforeItTriesOneTwice) {
  Sweep sweep(line({1, 2, 3}), {});
  std::vector<std::int64_t> order;
  for (int i = 0; i < 4; ++i) {
    order.push_back(sweep.next()->position);
  }
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 1));
}

// A map of what always hangs would take its grace three times a point.
TEST(Sweep, TriesACostlyOutcomeOnceWhenItIsKnown) {
  Sweep sweep(line({1, 2, 3}), {.costly = "hung"});
  auto tries = done(sweep, [](auto&, int) { return "hung"; });
  EXPECT_EQ(tries, (std::map<std::int64_t, int>{{1, 3}, {2, 2}, {3, 2}}));
}

TEST(Sweep, TriesACostlyOutcomeAgainWhereItIsNotTheOnlyOne) {
  Sweep sweep(line({1, 2}), {.costly = "hung"});
  auto tries = done(sweep, [](const SweepPoint& point, int attempt) {
    return point.position == 2 && attempt == 1 ? "exited 0" : "hung";
  });
  EXPECT_EQ(tries[2], 5);
}

TEST(Sweep, BelievesNoDoubtedOutcomeAfterOneTryWhereItIsToBeCareful) {
  Sweep sweep(line({1, 2, 3}), {.times = 3,
                                .agree = 3,
                                .plain = {"surfaced", "handled"},
                                .careful = {{1, 2}, {1, 3}},
                                .doubted = "surfaced"});
  auto tries = done(sweep, [](const SweepPoint& point, int attempt) {
    return point.position == 3 && attempt == 1 ? "swallowed" : "surfaced";
  });
  EXPECT_EQ(tries, (std::map<std::int64_t, int>{{1, 1}, {2, 2}, {3, 3}}));
}

TEST(Sweep, GivesATryAgainThatWasTakenBack) {
  Sweep sweep(line({1}), {.times = 1});
  SweepPoint point = *sweep.next();
  EXPECT_EQ(sweep.next(), std::nullopt);
  sweep.take_back(point);
  EXPECT_EQ(sweep.left(), 1U);
  EXPECT_EQ(sweep.next(), point);
}

TEST(Sweep, SettlesNothingBeforeItsTriesAreIn) {
  Sweep sweep(line({1, 9}), {.times = 1});
  sweep.next();
  SweepPoint last = *sweep.next();
  sweep.learned(last, "b");
  EXPECT_EQ(sweep.settled({1, 1}), std::nullopt);
  EXPECT_EQ(sweep.next(), std::nullopt);
  sweep.learned({1, 1}, "a");
  EXPECT_EQ(sweep.next(), (SweepPoint{1, 5}));
}

// R. G. Newcombe, Two-sided confidence intervals for the single proportion
// (1998), table I, method 3.
TEST(Share, IsThatOfWilson) {
  Share share = share_of(15, 148);
  EXPECT_NEAR(share.low, 0.0624, 0.0001);
  EXPECT_NEAR(share.high, 0.1605, 0.0001);
}

TEST(Share, OfThreeOfThreeIsNotAlways) {
  Share share = share_of(3, 3);
  EXPECT_NEAR(share.low, 0.438, 0.001);
  EXPECT_EQ(share.high, 1);
}

TEST(Share, OfNothingIsAnything) {
  Share share = share_of(0, 0);
  EXPECT_EQ(share.low, 0);
  EXPECT_EQ(share.high, 1);
}

}  // namespace
}  // namespace faultrig
