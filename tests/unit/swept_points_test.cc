// The verdict on a scenario's sweep.
#include "harness/sweep/swept_points.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

SweptPoint point(SiteOutcome outcome, const std::string& each = "once") {
  return {"fsync EIO",          each,  "store.Put", outcome,
          "nobody said a word", false, {}};
}

Scenario asking(const std::string& outcome, NumberTest wanted) {
  Scenario scenario;
  scenario.name = "store";
  Expectation asked{"sweep", {}, {7, 3}, "sweep: {...}"};
  asked.params.set(outcome, wanted);
  scenario.expect = {asked};
  return scenario;
}

Scenario asking_of_each() {
  Scenario scenario;
  scenario.expect = {{"test", {}, {9, 5}, "test: {exited: 0}"}};
  return scenario;
}

std::vector<std::string> because(const Judgement& judgement) {
  std::vector<std::string> out;
  for (const Finding& finding : judgement.findings) {
    out.push_back(finding.because);
  }
  return out;
}

TEST(SweptPoints, CountsAreComparedOverAllPoints) {
  SweptPoints swept;
  swept.points = {point(SiteOutcome::surfaced), point(SiteOutcome::swallowed)};
  Judgement good = judge_sweep(asking("swallowed", {.number = 1}), swept);
  EXPECT_EQ(good.verdict, Verdict::pass);
  EXPECT_EQ(good.observed, "2 points: surfaced 1, swallowed 1");
  Judgement bad = judge_sweep(asking("swallowed", {.number = 0}), swept);
  EXPECT_EQ(bad.verdict, Verdict::fail);
  EXPECT_EQ(bad.findings[0].expected, "sweep: swallowed 0");
  EXPECT_EQ(bad.findings[0].place.line, 7);
  EXPECT_THAT(because(bad),
              ElementsAre("swallowed at 1 of 2 points",
                          "fsync EIO, once, in store.Put: nobody said a word"));
}

TEST(SweptPoints, WhatIsTheSameOnceAndAlwaysIsNamedOnce) {
  SweptPoints swept;
  swept.points = {point(SiteOutcome::hung),
                  point(SiteOutcome::hung, "from then on")};
  Judgement bad = judge_sweep(asking("hung", {.number = 0}), swept);
  EXPECT_THAT(because(bad),
              ElementsAre("hung at 2 of 2 points",
                          "fsync EIO, once and from then on, in store.Put: "
                          "nobody said a word"));
}

TEST(SweptPoints, WhatIsKnownCountsNowhere) {
  SweptPoints swept;
  swept.points = {point(SiteOutcome::surfaced), point(SiteOutcome::swallowed)};
  swept.points[1].allowed = true;
  Judgement good = judge_sweep(asking("swallowed", {.number = 0}), swept);
  EXPECT_EQ(good.verdict, Verdict::pass);
  EXPECT_EQ(good.observed, "2 points: surfaced 1, allowed 1");
}

TEST(SweptPoints, WhereNobodyCanTellACountIsNotMet) {
  SweptPoints swept;
  swept.points = {point(SiteOutcome::surfaced), point(SiteOutcome::unknown)};
  EXPECT_EQ(judge_sweep(asking("swallowed", {.number = 0}), swept).verdict,
            Verdict::inconclusive);
  // A count that is broken already stays so.
  swept.points.push_back(point(SiteOutcome::swallowed));
  EXPECT_EQ(judge_sweep(asking("swallowed", {.number = 0}), swept).verdict,
            Verdict::fail);
  swept.points = {point(SiteOutcome::surfaced)};
  swept.left = 1;
  EXPECT_EQ(judge_sweep(asking("swallowed", {.number = 0}), swept).verdict,
            Verdict::inconclusive);
}

TEST(SweptPoints, ASweepThatMetNothingProvesNothing) {
  SweptPoints none;
  EXPECT_EQ(judge_sweep(asking("swallowed", {.number = 0}), none).verdict,
            Verdict::inconclusive);
  SweptPoints never;
  never.points = {point(SiteOutcome::never)};
  Judgement judgement = judge_sweep(asking("hung", {.number = 0}), never);
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(because(judgement),
              ElementsAre("no fault took effect at any point"));
  SweptPoints broken;
  broken.trouble = "it fails by itself";
  EXPECT_THAT(because(judge_sweep(asking("hung", {.number = 0}), broken)),
              ElementsAre("no point was tried: it fails by itself"));
}

TEST(SweptPoints, WhatIsExpectedOfEachRunIsToldWithItsPointAndPlace) {
  SweptPoints swept;
  swept.points = {point(SiteOutcome::handled), point(SiteOutcome::failed)};
  EXPECT_EQ(judge_sweep(asking_of_each(), swept).verdict, Verdict::pass);
  Finding unmet{Verdict::fail, "test exited 1", {3}, "test exited 0", {1, 0}};
  swept.points[1].unmet = {unmet};
  Judgement bad = judge_sweep(asking_of_each(), swept);
  EXPECT_EQ(bad.verdict, Verdict::fail);
  ASSERT_EQ(bad.findings.size(), 1U);
  EXPECT_EQ(bad.findings[0].because,
            "fsync EIO, once, in store.Put: test exited 1");
  EXPECT_EQ(bad.findings[0].place.line, 9);
  EXPECT_TRUE(bad.findings[0].cites.empty());
}

TEST(SweptPoints, OfManyPointsSomeAreNamed) {
  SweptPoints swept;
  Finding unmet{Verdict::error, "we died", {}, "", {}};
  for (int i = 0; i < 9; ++i) {
    swept.points.push_back(point(SiteOutcome::handled));
    swept.points.back().unmet = {unmet};
  }
  Judgement bad = judge_sweep(asking_of_each(), swept);
  EXPECT_EQ(bad.verdict, Verdict::error);
  ASSERT_EQ(bad.findings.size(), 4U);
  EXPECT_EQ(bad.findings[3].because, "the same at 6 more points");
}

StopOutcome stop(StopOutcome::End end, int number = 0) {
  StopOutcome out;
  out.end = end;
  out.number = number;
  return out;
}

TEST(SweptPoints, AStopHasTheSameOutcomes) {
  using End = StopOutcome::End;
  EXPECT_EQ(outcome_of(stop(End::exited), SIGTERM), SiteOutcome::handled);
  EXPECT_EQ(outcome_of(stop(End::exited, 143), SIGTERM), SiteOutcome::handled);
  EXPECT_EQ(outcome_of(stop(End::own_hand), SIGTERM), SiteOutcome::handled);
  EXPECT_EQ(outcome_of(stop(End::exited, 1), SIGTERM), SiteOutcome::failed);
  EXPECT_EQ(outcome_of(stop(End::hung), SIGTERM), SiteOutcome::hung);
  EXPECT_EQ(outcome_of(stop(End::killed, 11), SIGTERM), SiteOutcome::crashed);
  EXPECT_EQ(outcome_of(stop(End::never), SIGTERM), SiteOutcome::never);
  StopOutcome early = stop(End::unhandled);
  EXPECT_EQ(outcome_of(early, SIGTERM), SiteOutcome::runtime);
  early.listened = true;
  EXPECT_EQ(outcome_of(early, SIGTERM), SiteOutcome::crashed);
  StopOutcome lost = stop(End::exited);
  lost.requests.lost = 2;
  EXPECT_EQ(outcome_of(lost, SIGTERM), SiteOutcome::lost);
  StopOutcome left = stop(End::exited);
  left.left = {"sleep"};
  EXPECT_EQ(outcome_of(left, SIGTERM), SiteOutcome::leaked);
}

TEST(SweptPoints, TriesOfOneMomentThatDifferAreFlaky) {
  ShutdownMap map;
  MapPoint one;
  one.tries = {stop(StopOutcome::End::exited), stop(StopOutcome::End::hung)};
  MapPoint seldom;
  seldom.tries = {stop(StopOutcome::End::exited),
                  stop(StopOutcome::End::never)};
  map.points = {one, seldom};
  SweptPoints swept = swept_points(map, {{}, {}});
  EXPECT_EQ(swept.points[0].outcome, SiteOutcome::flaky);
  EXPECT_THAT(swept.points[0].because, HasSubstr("hung 1"));
  EXPECT_EQ(swept.points[1].outcome, SiteOutcome::handled);
}

}  // namespace
}  // namespace faultrig
