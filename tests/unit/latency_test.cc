#include "harness/sweep/latency.h"

#include <chrono>
#include <vector>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using Times = std::vector<std::chrono::nanoseconds>;
using Verdict = Latency::Verdict;

Times times_of(const std::vector<int>& ms, double factor = 1) {
  Times out;
  for (int one : ms) {
    out.emplace_back(static_cast<std::int64_t>(one * factor * 1e6));
  }
  return out;
}

const std::vector<int> kQuiet{100, 101, 99,  102, 98, 100, 101, 99,
                              103, 97,  100, 101, 99, 102, 98};
const std::vector<int> kNoisy{60, 180, 95,  240, 110, 75, 300, 130,
                              90, 55,  160, 105, 210, 85, 140};

TEST(Latency, KnowsTheRankSumTest) {
  // Two of the 252 orders of five and five are as far apart.
  EXPECT_NEAR(mann_whitney({1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}), 2.0 / 252, 1e-9);
  // Hollander and Wolfe (1973), p. 69, as in the manual page of R's
  // wilcox.test: W = 35, and p = 0.1272 on one side.
  EXPECT_NEAR(
      mann_whitney({0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46},
                   {1.15, 0.88, 0.90, 0.74, 1.21}),
      2 * 0.1272, 1e-4);
}

TEST(Latency, KnowsTheRankSumTestWithTies) {
  // (1,1,2 against 1,2,2): ranks 2 and 5, U = 3 of 9, ties 24 + 24:
  // spread sqrt(9 / 12 * (7 - 48 / 30)) = 2.0125, z = 1 / 2.0125, p = 0.6193.
  EXPECT_NEAR(mann_whitney({1, 1, 2}, {1, 2, 2}), 0.6193, 1e-4);
}

// What is exact up to 25 values goes on beyond.
TEST(Latency, IsMuchTheSameByTheApproximation) {
  std::vector<double> low;
  std::vector<double> high;
  for (int i = 0; i < 26; ++i) {
    low.push_back(i * 2);
    high.push_back(i * 2 + 7);
  }
  double approximate = mann_whitney(low, high);
  low.pop_back();
  high.pop_back();
  EXPECT_NEAR(approximate, mann_whitney(low, high), 0.02);
}

TEST(Latency, FindsNoDifferenceWhereThereIsNone) {
  EXPECT_EQ(mann_whitney({1, 1, 1}, {1, 1, 1}), 1);
  EXPECT_EQ(mann_whitney({}, {1}), 1);
  Latency seen = latency_of(times_of(kQuiet), times_of(kQuiet), 0.1);
  EXPECT_EQ(seen.verdict, Verdict::same);
  EXPECT_EQ(seen.ratio, 1);
}

TEST(Latency, IsSlowerBeyondTheTolerance) {
  Latency seen = latency_of(times_of(kQuiet), times_of(kQuiet, 1.3), 0.1);
  EXPECT_EQ(seen.verdict, Verdict::slower);
  EXPECT_NEAR(seen.ratio, 1.3, 0.001);
  EXPECT_GT(seen.low, 1.1);
  EXPECT_EQ(seen.text().substr(0, 14), "slower 1.3x (1");
  EXPECT_EQ(latency_of(times_of(kQuiet, 1.3), times_of(kQuiet), 0.1).verdict,
            Verdict::faster);
}

// Significant, and too small to matter.
TEST(Latency, WithinTheToleranceIsTheSame) {
  Latency seen = latency_of(times_of(kQuiet), times_of(kQuiet, 1.05), 0.1);
  EXPECT_LT(seen.p, 0.01);
  EXPECT_EQ(seen.verdict, Verdict::same);
  EXPECT_EQ(seen.text(), "same 1.05x (1.03..1.07)");
}

TEST(Latency, CannotTellWhereTheMachineIsNoisy) {
  EXPECT_EQ(latency_of(times_of(kNoisy), times_of(kNoisy, 1.1), 0.1).verdict,
            Verdict::cannot_tell);
}

TEST(Latency, CannotTellFromFewRuns) {
  EXPECT_EQ(latency_of(times_of({100, 100}), times_of({300, 300}), 0.1).verdict,
            Verdict::cannot_tell);
  EXPECT_EQ(latency_of({}, {}, 0.1).verdict, Verdict::cannot_tell);
}

TEST(Latency, GivesTheSameAnswerForTheSameTimes) {
  Latency one = latency_of(times_of(kNoisy), times_of(kQuiet), 0.1);
  Latency two = latency_of(times_of(kNoisy), times_of(kQuiet), 0.1);
  EXPECT_EQ(one.low, two.low);
  EXPECT_EQ(one.high, two.high);
  EXPECT_EQ(one.p, two.p);
}

}  // namespace
}  // namespace faultrig
