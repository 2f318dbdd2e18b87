// `sweep` and `allow` of a scenario.
#include <cerrno>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/scenario_sweep.h"
#include "harness/parse/moment_reader.h"
#include "harness/plan/planner.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Over = ScenarioSweep::Over;

const std::string kAsk = "expect: [{output: {contains: a}}]\n";
const std::string kService = "workload: {service: {command: [./serve]}}\n";

ScenarioSweep sweep_of(const std::string& workload, const std::string& sweep) {
  Scenario scenario = good(workload + sweep + kAsk);
  return scenario.sweep ? *scenario.sweep : ScenarioSweep{};
}

std::string wrong(const std::string& workload, const std::string& sweep) {
  return complaints_of(workload + sweep + kAsk);
}

TEST(SweepReader, ASweepOverCallsTakesEveryFieldThatSelectsThem) {
  ScenarioSweep sweep = sweep_of(
      kGo,
      "sweep: {calls: {call: [fsync, write], errors: [EIO, ENOSPC], each: "
      "[once, per_test], of: any, in: 'store.*', path: '*.db', fd: file, "
      "peer: '*:80', site: 4f2a91}}\n");
  EXPECT_EQ(sweep.over, Over::calls);
  EXPECT_EQ(sweep.place.line, 2);
  SweepAsked asked = asked_by(sweep);
  EXPECT_THAT(asked.calls, ElementsAre("fsync", "write"));
  EXPECT_THAT(asked.errors, ElementsAre(EIO, ENOSPC));
  EXPECT_THAT(asked.each, ElementsAre(Each::once, Each::per_test));
  EXPECT_EQ(asked.of, "any");
  EXPECT_EQ(asked.in, "store.*");
  EXPECT_EQ(asked.only.at("path"), "*.db");
  EXPECT_EQ(asked.only.at("fd"), "file");
  EXPECT_EQ(asked.only.at("peer"), "*:80");
  EXPECT_EQ(asked.only.at("site"), "4f2a91");
}

TEST(SweepReader, WhatIsNotSaidIsAsTheCommandHasIt) {
  SweepAsked asked = asked_by(sweep_of(kGo, "sweep: {calls: {}}\n"));
  EXPECT_THAT(asked.calls, IsEmpty());
  EXPECT_THAT(asked.each, ElementsAre(Each::once, Each::from_then_on));
  EXPECT_EQ(asked.of, "program");
}

TEST(SweepReader, AStopCountsMomentsByCallsOrByTime) {
  ScenarioSweep sweep = sweep_of(
      kService,
      "sweep: {stop: {over: {calls: 'listen,openat', until: {ready: true}}, "
      "steps: 9, times: 4}}\n");
  EXPECT_EQ(sweep.over, Over::stop);
  EXPECT_THAT(sweep.instants.get<std::vector<std::string>>("calls"),
              ElementsAre("listen", "openat"));
  EXPECT_TRUE(sweep.until.has("ready"));
  EXPECT_EQ(sweep.params.get<std::int64_t>("steps"), 9);
  EXPECT_EQ(sweep.params.get<std::int64_t>("times"), 4);
  ScenarioSweep other =
      sweep_of(kService, "sweep: {stop: {over: {time: 500ms}}}\n");
  EXPECT_EQ(other.instants.get<std::chrono::nanoseconds>("time"),
            std::chrono::milliseconds(500));
  EXPECT_EQ(other.params.get<std::int64_t>("steps"), 30);
}

TEST(SweepReader, KnownFindingsHaveReasons) {
  ScenarioSweep sweep =
      sweep_of(kGo,
               "sweep: {calls: {}}\n"
               "allow: [{site: 4f2a91, outcome: lost, because: a cache}]\n");
  ASSERT_EQ(sweep.allowed.size(), 1U);
  EXPECT_EQ(sweep.allowed[0].outcome, SiteOutcome::lost);
  EXPECT_THAT(wrong(kGo,
                    "sweep: {calls: {}}\n"
                    "allow: [{site: 4f2a91, outcome: lost}]\n"),
              HasSubstr("3:9 allow needs the key 'because'"));
  EXPECT_EQ(wrong(kGo, "allow: []\n"),
            "2:1 'allow' stands only beside "
            "'sweep'\n");
  EXPECT_THAT(wrong(kService,
                    "sweep: {stop: {}}\n"
                    "allow: [{site: 4f2a91, outcome: hung, because: a}]\n"),
              HasSubstr("3:1 'allow' is for a sweep over calls"));
}

TEST(SweepReader, SaysWhereAMistakeIs) {
  EXPECT_EQ(
      wrong(kGo, "sweep: {}\n"),
      "2:1 sweep needs exactly one of calls, stop, limits, dependencies\n");
  EXPECT_THAT(wrong(kService, "sweep: {calls: {}, stop: {}}\n"),
              HasSubstr("'stop' beside 'calls'"));
  EXPECT_EQ(wrong(kGo, "sweep: {stop: {}}\n"),
            "2:9 only a service is told to stop\n");
  EXPECT_THAT(wrong(kGo, "sweep: {calls: {errors: [EOI]}}\n"),
              HasSubstr("2:26 unknown errno 'EOI'"));
  EXPECT_EQ(wrong(kGo, "sweep: {calls: {each: twice}}\n"),
            "2:23 expected once, per_test or from_then_on, not 'twice'\n");
  EXPECT_EQ(wrong(kCommand, "sweep: {calls: {each: [per_test]}}\n"),
            "2:24 only go_test has test functions\n");
  EXPECT_EQ(wrong(kService,
                  "sweep: {stop: {over: {time: 1s, until: {ready: true}}}}\n"),
            "2:33 'until' stands only beside 'calls'\n");
  EXPECT_EQ(
      wrong(kService,
            "sweep: {stop: {over: {calls: openat, until: {ready: false}}}}\n"),
      "2:53 expected ready: true\n");
}

TEST(SweepReader, DependenciesDoSomethingFromSomeMomentOn) {
  ScenarioSweep sweep = sweep_of(
      kService,
      "sweep: {dependencies: {to: ['localhost:*', 5432], does: [hang, slow: "
      "300ms], when: [start, {answered: 5}]}}\n"
      "allow: [{site: 'localhost:5432', outcome: hung, because: a}]\n");
  EXPECT_EQ(sweep.over, Over::dependencies);
  SweepAsked asked = asked_by(sweep);
  ASSERT_TRUE(asked.peers);
  EXPECT_THAT(asked.peers->to, ElementsAre("localhost:*", "5432"));
  ASSERT_EQ(asked.peers->does.size(), 2U);
  EXPECT_EQ(asked.peers->does[1].text(), "slow 300ms");
  EXPECT_THAT(asked.peers->when, ElementsAre("start", "{answered: 5}"));
  EXPECT_THAT(asked.each, ElementsAre(Each::from_then_on));
  EXPECT_EQ(sweep.allowed.size(), 1U);
}

TEST(SweepReader, DependenciesAreAllAndRefuseHangAndResetWhereNothingIsSaid) {
  SweepAsked asked = asked_by(sweep_of(kGo, "sweep: {dependencies: {}}\n"));
  ASSERT_TRUE(asked.peers);
  EXPECT_THAT(asked.peers->to, IsEmpty());
  EXPECT_EQ(asked.peers->does.size(), 3U);
  EXPECT_THAT(asked.peers->when, ElementsAre("start"));
}

// However the author has written it, it is said on one line.
TEST(SweepReader, AMomentOfADependencyKeepsItsWords) {
  SweepAsked asked = asked_by(sweep_of(kGo,
                                       "sweep:\n"
                                       "  dependencies:\n"
                                       "    when:\n"
                                       "      output: it's ready, or {not}\n"
                                       "      after: 200ms\n"));
  ASSERT_TRUE(asked.peers);
  EXPECT_THAT(asked.peers->when,
              ElementsAre("{output: \"it's ready, or {not}\", after: 200ms}"));
}

TEST(SweepReader, AMomentMayStandByItself) {
  EXPECT_EQ(*read_moment("start"), "start");
  EXPECT_EQ(*read_moment("{after: 200ms}"), "{after: 200ms}");
  EXPECT_EQ(*read_moment("after: 200ms"), "{after: 200ms}");
  EXPECT_EQ(*read_moment("output: ^it's"), "{output: \"^it's\"}");
  EXPECT_EQ(read_moment("afer: 1s").error().what,
            "unknown key 'afer' (did you mean 'after'?)");
  EXPECT_THAT(read_moment("").error().what, HasSubstr("expected start, or"));
  EXPECT_THAT(read_moment("{after: 1s").error().what, HasSubstr("not closed"));
  EXPECT_THAT(read_moment("a: 1\n---\nb: 2").error().what, Not(IsEmpty()));
}

TEST(SweepReader, SaysWhereAMistakeAboutDependenciesIs) {
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {to: db.example:5432}}\n"),
              HasSubstr("2:28 expected HOST:PORT, PORT or the path"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {does: [hang, hangs]}}\n"),
              HasSubstr("2:37 expected refuse, hang, reset, or slow: TIME"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {does: [slow: soon]}}\n"),
              HasSubstr("not '{slow: soon}'"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {does: []}}\n"),
              AllOf(HasSubstr("2:30 expected refuse"), HasSubstr("'[]'")));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {when: []}}\n"),
              HasSubstr("2:30 expected start, or a map such as"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {when: }}\n"),
              HasSubstr("expected start, or a map such as"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {when: [later]}}\n"),
              HasSubstr("expected start, or a map such as"));
  EXPECT_THAT(wrong(kGo, "sweep: {dependencies: {each: per_test}}\n"),
              HasSubstr("expected once or from_then_on"));
  EXPECT_THAT(wrong(kGo,
                    "sweep: {dependencies: {}}\n"
                    "allow: [{site: db, outcome: hung, because: a}]\n"),
              HasSubstr("or the address of a dependency"));
}

TEST(SweepReader, LimitsAreLowered) {
  ScenarioSweep sweep =
      sweep_of(kCommand, "sweep: {limits: {fds: least, memory: least}}\n");
  ASSERT_EQ(sweep.limits().size(), 2U);
  EXPECT_EQ(sweep.limits()[0]->name, "memory");
  EXPECT_EQ(sweep.limits()[1]->name, "fds");
  EXPECT_THAT(wrong(kCommand, "sweep: {limits: {fds: 3}}\n"),
              HasSubstr("2:23"));
  EXPECT_THAT(wrong(kGo, "sweep: {limits: {}}\n"),
              HasSubstr("sweep.limits needs at least one of"));
}

TEST(SweepReader, ASweepIsSomethingToCheckByItself) {
  EXPECT_EQ(complaints_of(kGo + "sweep: {calls: {}}\n"), "");
}

// The whole language: what is expected of all points needs points.
std::vector<PlanTrouble> troubles_of(const std::string& text) {
  ReadScenario read = read_scenario(text, {"a", here()}, full_language());
  EXPECT_TRUE(read.scenario);
  return read.scenario ? make_plan(*read.scenario, 1).troubles
                       : std::vector<PlanTrouble>();
}

TEST(SweepPlan, CountsOfASweepNeedOne) {
  const std::string expect = "expect: [{sweep: {swallowed: 0}}]\n";
  auto troubles = troubles_of(kCommand + expect);
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].what, "there is no 'sweep' to ask this of");
  EXPECT_EQ(troubles[0].place.line, 2);
  EXPECT_THAT(troubles_of(kCommand + "sweep: {calls: {}}\n" + expect),
              IsEmpty());
}

TEST(SweepPlan, ALimitThatStandsIsNotLookedFor) {
  auto troubles = troubles_of(kCommand +
                              "faults: [{memory: {max: 64MiB}}]\n"
                              "sweep: {limits: {memory: least}}\n");
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_EQ(troubles[0].what, "the sweep looks for the least 'memory' itself");
}

TEST(SweepPlan, AStaticRuleStandsBesideNoSweep) {
  auto troubles = troubles_of(
      kCommand +
      "faults: [{syscall: {call: fsync, error: EIO, static: true}}]\n"
      "sweep: {calls: {}}\n");
  ASSERT_EQ(troubles.size(), 1U);
  EXPECT_THAT(troubles[0].what, HasSubstr("not beside 'sweep'"));
}

}  // namespace
}  // namespace faultrig
