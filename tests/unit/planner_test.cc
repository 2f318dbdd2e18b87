#include "harness/plan/planner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/parse/scenario_reader.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Planned planned(const std::string& yaml) {
  ReadScenario read =
      read_scenario(yaml, {"x", "/x.yaml", false}, full_language());
  if (!read.scenario) {
    ADD_FAILURE() << read.complaints.front().what;
    return {};
  }
  return make_plan(*read.scenario, 1);
}

std::string trouble_with(const std::string& yaml) {
  Planned out = planned(yaml);
  EXPECT_FALSE(out.plan);
  return out.troubles.empty() ? "" : out.troubles.front().what;
}

const std::string kBinary =
    "workload:\n  go_test: {dir: ., packages: ./a, mode: binary}\n";
const std::string kChain = "workload:\n  go_test: {dir: ., packages: ./a}\n";
const std::string kCommand = "workload: {command: ['true']}\n";

TEST(Planner, FindsNoGoInABinary) {
  EXPECT_EQ(trouble_with(kBinary + "expect:\n  - go: {exited: 1}\n"),
            "mode: binary has no link 'go'");
}

TEST(Planner, FindsNoTestsInACommand) {
  EXPECT_EQ(trouble_with(kCommand + "expect:\n  - tests: {TestA: pass}\n"),
            "only go_test runs Go tests");
  EXPECT_EQ(trouble_with(kCommand +
                         "faults:\n  - signal: {send: SIGTERM, when: {test: "
                         "TestA}}\n"),
            "only go_test announces tests");
}

TEST(Planner, GivesAGoThatSuffersItsOwnCache) {
  EXPECT_TRUE(planned(kChain + "faults:\n  - fds: {max: 64, at: go}\n")
                  .plan->private_go_cache);
  EXPECT_FALSE(
      planned(kChain + "faults:\n  - fds: {max: 64}\n").plan->private_go_cache);
}

TEST(Planner, RefusesTwoListenersInOneChain) {
  EXPECT_THAT(trouble_with(kChain + "faults:\n  - fds: {max: 64, at: go}\n"
                                    "  - syscall: {call: fsync, error: EIO}\n"),
              HasSubstr("not at both"));
}

TEST(Planner, LetsAStaticRuleBeTheOnlyFault) {
  EXPECT_THAT(
      trouble_with(kCommand +
                   "faults:\n  - signal: {send: SIGTERM}\n"
                   "  - syscall: {call: fsync, error: EIO, static: true}\n"),
      HasSubstr("static: true must be the only fault"));
}

TEST(Planner, WatchesCallsThatAreAskedAfter) {
  Plan plan = *planned(kCommand + "expect:\n  - calls: {call: fsync}\n").plan;
  ASSERT_EQ(plan.launch.links.at(Link::command).rules.size(), 1U);
  EXPECT_EQ(plan.launch.links.at(Link::command).rules[0].action,
            CallAction::observe);
  EXPECT_THAT(plan.launch.needs, Contains(kNeedsNotify));
}

TEST(Planner, WatchesCallsThatAFaultSelectsToo) {
  Plan plan = *planned(kCommand +
                       "faults:\n  - syscall: {call: fsync, error: EIO, nth: "
                       "1}\n"
                       "expect:\n  - calls: {call: fsync, count: 1}\n")
                   .plan;
  const auto& rules = plan.launch.links.at(Link::command).rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[1].action, CallAction::observe);
  EXPECT_EQ(rules[1].fault, kNoFault);
  EXPECT_FALSE(rules[1].nth);
}

TEST(Planner, WatchesEachPatternWithItsOwnPathAndDescriptors) {
  Plan plan =
      *planned(kCommand +
               "expect:\n  - calls: {call: write, fd: stdio, count: 0}\n"
               "  - calls: {sequence: [{call: openat, path: '*/a'}, {call: "
               "openat, error: EIO}, {call: write, fd: stdio}]}\n")
           .plan;
  const auto& rules = plan.launch.links.at(Link::command).rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].fd, FdKind::stdio);
  EXPECT_EQ(rules[1].path, "*/a");
}

TEST(Planner, WatchesStdoutWhereAFaultActsOnIt) {
  Plan plan = *planned(kCommand +
                       "faults:\n  - syscall: {call: write, fd: stdio, error: "
                       "EIO, nth: 1}\n"
                       "expect:\n  - calls: {call: write, count: 1}\n")
                   .plan;
  const auto& rules = plan.launch.links.at(Link::command).rules;
  ASSERT_EQ(rules.size(), 3U);
  EXPECT_EQ(rules[1].fd, FdKind::any_but_stdio);
  EXPECT_EQ(rules[2].fd, FdKind::stdio);
}

// A shell may have put the file there.
TEST(Planner, WatchesEveryCallOnAPathWithoutAName) {
  Plan plan = *planned(kCommand + "expect:\n  - calls: {path: '*/b'}\n").plan;
  const auto& rules = plan.launch.links.at(Link::command).rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[1].fd, FdKind::stdio);
  EXPECT_EQ(rules[1].path, "*/b");
  EXPECT_THAT(rules[0].calls, Contains("openat"));
  EXPECT_THAT(rules[0].calls, Contains("write"));
  EXPECT_THAT(rules[0].calls, Not(Contains("getpid")));
}

TEST(Planner, RefusesToCountWhatTheKernelAnswers) {
  const std::string fault =
      "faults:\n  - syscall: {call: rename, error: EIO, static: true}\n";
  EXPECT_THAT(
      trouble_with(kCommand + fault +
                   "expect:\n  - calls: {call: rename, count: none}\n"),
      HasSubstr("the kernel answers such calls by itself (static: true)"));
  EXPECT_THAT(trouble_with(kCommand + fault +
                           "expect:\n  - calls: {path: '*/b', count: none}\n"),
              HasSubstr("static: true"));
  EXPECT_TRUE(planned(kCommand + fault +
                      "expect:\n  - calls: {call: fsync, count: none}\n")
                  .plan);
}

TEST(Planner, RefusesCallsThatCannotBe) {
  EXPECT_EQ(trouble_with(kCommand +
                         "expect:\n  - calls: {sequence: [{call: openat, fd: "
                         "pipe}]}\n"),
            "calls: fd: pipe, but openat works on no descriptor");
  EXPECT_THAT(trouble_with(kCommand + "expect:\n  - calls: {count: 3}\n"),
              HasSubstr("name a call"));
}

TEST(Planner, NeedsCopiesOfDescriptorsForSomeRulesOnly) {
  auto needs = [](const std::string& fault) {
    return planned(kCommand + "faults:\n  - " + fault + "\n")
        .plan->launch.needs;
  };
  EXPECT_THAT(needs("syscall: {call: fsync, error: EIO}"),
              Not(Contains(kNeedsCopies)));
  EXPECT_THAT(needs("syscall: {call: execve, error: EAGAIN}"),
              Contains(kNeedsCopies));
  EXPECT_THAT(needs("syscall: {call: write, short: 3}"),
              Contains(kNeedsCopies));
  EXPECT_THAT(needs("signal: {send: SIGTERM, when: {listening: true}}"),
              Contains(kNeedsCopies));
  EXPECT_THAT(planned(kChain + "faults:\n  - interpreter: {broken: busy}\n")
                  .plan->launch.needs,
              Contains(kNeedsCopies));
}

TEST(Planner, AsksForVerboseTestsOnlyWhereTheyAreAskedAfter) {
  EXPECT_TRUE(planned(kChain + "expect:\n  - tests: {TestA: pass}\n")
                  .plan->wants_test_events);
  EXPECT_FALSE(planned(kChain + "expect:\n  - go: {exited: 0}\n")
                   .plan->wants_test_events);
}

}  // namespace
}  // namespace faultrig
