#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

const char* const kOpens = R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./opens, mode: binary}
faults:
  - fds: {max: 24}
expect:
  - test: {exited: 1}
  - output: {matches: 'refused after \d+ opens: EMFILE'}
)";

TEST(Fds, RefusesALimitThatNothingStartsWith) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: ['true']
faults:
  - fds: {max: 4}
)"),
              HasSubstr("4:16: fds: max is below 5"));
}

TEST(Fds, RefusesMaxTogetherWithATrigger) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: ['true']
faults:
  - fds: {max: 30, when: {after: 1s}}
)"),
              HasSubstr("max has no meaning with a trigger"));
}

TEST(Fds, AsksForALimitAndToWatchWhatMakesDescriptors) {
  Plan plan = Rig::plan(kOpens);
  const LinkSetup& test = plan.launch.links.at(Link::test);
  ASSERT_TRUE(test.fds);
  EXPECT_EQ(test.fds->max, 24U);
  ASSERT_EQ(test.rules.size(), 1U);
  const auto& calls = test.rules[0].calls;
  EXPECT_TRUE(test.rules[0].watches_fd_limit());
  EXPECT_NE(std::find(calls.begin(), calls.end(), "openat"), calls.end());
  EXPECT_NE(std::find(calls.begin(), calls.end(), "accept4"), calls.end());
}

TEST(Fds, RunsATestOutOfDescriptors) {
  SKIP_IF_MISSING(kOpens);
  Rig::Told ran = Rig::run(kOpens);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_TRUE(ran.evidence->first(Fact::limit_hit));
}

TEST(Fds, WithoutItTheSameExpectationFails) {
  Rig::Told ran = Rig::run_unharmed(kOpens);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

TEST(Fds, ThatNobodyRunsOutOfProveNothing) {
  std::string yaml = kOpens;
  yaml.replace(yaml.find("max: 24"), 7, "max: 2000");
  yaml = yaml.substr(0, yaml.find("expect:"));
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Fds, TakeNoDuplicateOfAChosenNumberForAProof) {
  std::string yaml = R"(
workload: {command: [sh, -c, 'exec 3</dev/null 4</dev/null; exec 3>&4']}
faults:
  - fds: {max: 40}
)";
  SKIP_IF_MISSING(yaml);
  Plan plan = Rig::plan(yaml);
  const auto& calls = plan.launch.links.at(Link::command).rules[0].calls;
  EXPECT_EQ(std::find(calls.begin(), calls.end(), "dup2"), calls.end());
}

// A pipe takes two numbers, and one is left.
TEST(Fds, AreTooFewForAPipeWithOneLeft) {
  std::string yaml = R"(
workload:
  command: [sh, -c, 'exec 3</dev/null 4</dev/null; true | true']
faults:
  - fds: {max: 6}
expect:
  - command: {exited: {not: 0}}
  - took_effect: fds
  - calls: {error: EMFILE}
)";
  expect_pass(yaml);
}

TEST(Fds, LeaveExactlyTheSpareOnes) {
  std::string yaml = R"(
workload:
  command:
    - sh
    - -c
    - |
      exec 3</etc/hostname; exec 4</dev/null 5</dev/null
      exec 6</dev/null
faults:
  - fds: {spare: 2, when: {call: openat, path: /etc/hostname}}
expect:
  - command: {exited: {not: 0}}
  - took_effect: {fault: fds, times: 1}
)";
  SKIP_IF_MISSING(yaml);
  // Two are left: sh needs one to open and one to move it to, so the first
  // redirection after the trigger may end it; none may be left at the last.
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

}  // namespace
}  // namespace faultrig
