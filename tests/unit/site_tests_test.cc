// What a call that failed in several tests of one run came to.
#include "harness/sweep/site_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using End = SiteRun::End;
using Outcome = SiteOutcome;

const char* const kPut = "example.com/store.TestPut";
const char* const kKeep = "example.com/store.TestKeep";

CallSite in_two_tests(const std::string& call = "fsync") {
  CallSite site;
  site.id = "9ca1db57fa30c793";
  site.call = call;
  site.owner = CallOwner::program;
  site.calls = 2;
  site.tests = {kPut, kKeep};
  site.calls_in = {{kPut, 1}, {kKeep, 1}};
  return site;
}

SiteRun hit_in_both(End end) {
  SiteRun run;
  run.end = end;
  run.end_text = end == End::passed ? "exited 0" : "exited 1";
  run.effects = 2;
  run.hit = {0, 1};
  run.calls = 2;
  run.tests.calls = {{kPut, 1}, {kKeep, 1}};
  return run;
}

SiteJudgement judged(const SiteRun& run,
                     const FaultPoint& point = {.each = Each::per_test}) {
  return site_outcome(run, {}, in_two_tests(), point);
}

TEST(SeveralTests, SurfaceOnlyWhereEachOfThemFailed) {
  SiteRun run = hit_in_both(End::failed);
  run.said = {"    a_test.go:3: sync: input/output error"};
  run.tests.failing = {{"TestPut", true}};
  EXPECT_EQ(judged(run).outcome, Outcome::swallowed);
  EXPECT_THAT(judged(run).because, HasSubstr("store.TestKeep"));
  EXPECT_THAT(judged(run).tests, ElementsAre(kKeep));
  run.tests.failing = {{"TestPut", true}, {"TestKeep/again", true}};
  EXPECT_EQ(judged(run).outcome, Outcome::surfaced);
}

TEST(SeveralTests, FailWithoutAWordWhereOneOfThemDoes) {
  SiteRun run = hit_in_both(End::failed);
  run.said = {"    a_test.go:3: sync: input/output error"};
  run.tests.failing = {{"TestPut", true}, {"TestKeep", false}};
  EXPECT_EQ(judged(run).outcome, Outcome::failed);
  EXPECT_THAT(judged(run).tests, ElementsAre(kKeep));
}

TEST(SeveralTests, AreSpokenForByAsManyLinesAlike) {
  SiteRun run = hit_in_both(End::passed);
  run.said = {"sync: input/output error", "put: input/output error, went on"};
  EXPECT_EQ(judged(run).outcome, Outcome::swallowed);
  run.said = {"1 sync: input/output error", "2 sync: input/output error"};
  EXPECT_EQ(judged(run).outcome, Outcome::handled);
}

TEST(SeveralTests, HaveEachToCallAgain) {
  SiteRun run = hit_in_both(End::passed);
  run.calls = 4;
  run.tests.calls = {{kPut, 3}, {kKeep, 1}};
  EXPECT_EQ(judged(run).outcome, Outcome::swallowed);
  EXPECT_THAT(judged(run).tests, ElementsAre(kKeep));
  run.tests.calls = {{kPut, 2}, {kKeep, 2}};
  EXPECT_EQ(judged(run).outcome, Outcome::handled);
}

// A suite runs its tests by a function that has another name.
TEST(SeveralTests, AreNotSilentWhereTheirNamesAreNotKnown) {
  SiteRun run = hit_in_both(End::failed);
  CallSite site = in_two_tests();
  site.tests[1] = "example.com/suite.Run.func1";
  run.said = {"    a_test.go:3: sync: input/output error"};
  run.tests.failing = {{"TestPut", true}};
  EXPECT_EQ(site_outcome(run, {}, site, {.each = Each::per_test}).outcome,
            Outcome::surfaced);
}

// Two subtests with a function of their own each.
CallSite in_two_subtests() {
  CallSite site = in_two_tests();
  site.tests = {"example.com/store.TestAll.func1",
                "example.com/store.TestAll.func2"};
  site.calls_in = {{site.tests[0], 1}, {site.tests[1], 1}};
  return site;
}

SiteRun hit_in_both_subtests() {
  SiteRun run = hit_in_both(End::failed);
  run.tests.calls = in_two_subtests().calls_in;
  run.said = {"        a_test.go:3: sync: input/output error"};
  return run;
}

SiteJudgement judged_subtests(const SiteRun& run) {
  return site_outcome(run, {}, in_two_subtests(), {.each = Each::per_test});
}

TEST(SeveralTests, UnderOneAreToldApart) {
  SiteRun run = hit_in_both_subtests();
  run.tests.failing = {{"TestAll", false}, {"TestAll/one", true}};
  SiteJudgement one = judged_subtests(run);
  EXPECT_EQ(one.outcome, Outcome::swallowed);
  EXPECT_THAT(one.because, HasSubstr("of 2 tests in which it failed 1 passed"));
  EXPECT_EQ(one.tests.size(), 2U);  // nobody knows which of the two
  run.tests.failing.push_back({"TestAll/two", true});
  EXPECT_EQ(judged_subtests(run).outcome, Outcome::surfaced);
}

TEST(SeveralTests, UnderOneEachHaveToSayForWhat) {
  SiteRun run = hit_in_both_subtests();
  run.tests.failing = {
      {"TestAll", false}, {"TestAll/one", true}, {"TestAll/two", false}};
  SiteJudgement one = judged_subtests(run);
  EXPECT_EQ(one.outcome, Outcome::failed);
  EXPECT_THAT(one.because, HasSubstr("1 failed without a word"));
}

TEST(SeveralTests, UnderOneThatCallAgainNeedNotFail) {
  SiteRun run = hit_in_both_subtests();
  run.tests.failing = {{"TestAll", false}, {"TestAll/one", true}};
  run.calls = 3;
  run.tests.calls["example.com/store.TestAll.func2"] = 2;
  EXPECT_EQ(judged_subtests(run).outcome, Outcome::surfaced);
}

// It failed in TestPut, once or from then on.
SiteRun failed_in_put() {
  SiteRun run = hit_in_both(End::failed);
  run.hit = {0};
  run.tests.hit = {kPut};
  return run;
}

TEST(OneTest, IsNotSpokenForByALineOfAnother) {
  for (Each each : {Each::once, Each::from_then_on}) {
    SiteRun run = failed_in_put();
    run.said = {"    a_test.go:9: /data/log is empty"};
    run.tests.said_in = {"TestKeep"};
    run.tests.failing = {{"TestKeep", true}};
    SiteJudgement other = judged(run, {.each = each});
    EXPECT_EQ(other.outcome, Outcome::failed);
    EXPECT_THAT(other.because,
                HasSubstr("TestKeep failed, and not TestPut, in which the "
                          "call did"));
    run.tests.said_in = {"TestPut"};
    run.tests.failing = {{"TestPut", true}};
    EXPECT_EQ(judged(run, {.each = each}).outcome, Outcome::surfaced);
  }
}

TEST(OneTest, IsSpokenForByALineThatIsNobodys) {
  SiteRun run = failed_in_put();
  run.said = {"sync: input/output error"};
  run.tests.said_in = {""};
  run.tests.failing = {{"TestKeep", false}};
  EXPECT_EQ(judged(run, {.each = Each::once}).outcome, Outcome::surfaced);
}

// A goroutine of its own is under no test.
TEST(OneTest, IsSpokenForByAnyWhereNobodyKnowsWhichItIs) {
  SiteRun run = failed_in_put();
  run.tests.hit = {kPut, ""};
  run.said = {"    a_test.go:9: /data/log is empty"};
  run.tests.said_in = {"TestKeep"};
  run.tests.failing = {{"TestKeep", true}};
  EXPECT_EQ(judged(run, {.each = Each::once}).outcome, Outcome::surfaced);
}

TEST(ShortCalls, AreHandledWhereEachTestAskedForTheRest) {
  FaultPoint point{
      .each = Each::from_then_on, .harm = Harm::shorten, .amount = 1};
  SiteRun run = hit_in_both(End::passed);
  run.calls = 10;
  run.tests.calls = {{kPut, 5}, {kKeep, 5}};
  EXPECT_EQ(judged(run, point).outcome, Outcome::handled);
  run.tests.calls = {{kPut, 9}, {kKeep, 1}};
  EXPECT_EQ(judged(run, point).outcome, Outcome::swallowed);
}

TEST(FailedTests, AreSeenWhereTheBinaryEndsWithZeroAllTheSame) {
  SiteRun run = hit_in_both(End::passed);
  run.hit = {0};
  run.tests.failing = {{"TestPut", false}};
  EXPECT_EQ(judged(run).outcome, Outcome::failed);
  EXPECT_THAT(judged(run).because, HasSubstr("although TestPut failed"));
  run.said = {"    a_test.go:3: sync: input/output error"};
  EXPECT_EQ(judged(run).outcome, Outcome::surfaced);
}

}  // namespace
}  // namespace faultrig
