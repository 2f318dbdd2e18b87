#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char* const kHoard = R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./hoard, mode: binary}
faults:
  - memory: {max: 64MiB}
expect:
  - test: {killed_by: SIGKILL}
  - oom: {kills: 1}
)";

TEST(Memory, RefusesASizeWithoutAUnitItKnows) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: ['true']
faults:
  - memory: {max: 64Mib}
)"),
              HasSubstr("4:19: "));
}

TEST(Memory, RefusesACapInWhichNothingStarts) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: ['true']
faults:
  - memory: {max: 512KiB}
)"),
              HasSubstr("4:19: memory: max is below 1MiB"));
}

TEST(Memory, AsksForALimitOfTheLink) {
  Plan plan = Rig::plan(kHoard);
  const LinkSetup& test = plan.launch.links.at(Link::test);
  ASSERT_TRUE(test.memory);
  EXPECT_EQ(test.memory->max, Bytes{64 << 20});
  EXPECT_EQ(test.memory->swap, Bytes{0});
  EXPECT_FALSE(test.memory->group);
  EXPECT_TRUE(test.memory->from_start);
  EXPECT_TRUE(test.rules.empty());
  EXPECT_THAT(plan.launch.needs, ElementsAre(kNeedsMemoryCgroup));
}

TEST(Memory, WithATriggerLimitsOnlyThen) {
  std::string yaml = kHoard;
  yaml.replace(yaml.find("max: 64MiB"), 10, "max: 64MiB, when: {after: 1ms}");
  Plan plan = Rig::plan(yaml);
  EXPECT_FALSE(plan.launch.links[Link::test].memory.value().from_start);
  FakeRun run;
  FaultSpec spec{0, plan.scenario.faults.at(0)};
  auto injector = std::move(find_injector("memory")->make(spec)).value();
  ASSERT_TRUE(injector->arm(run));
  ASSERT_EQ(run.tools.limits.size(), 1U);
  EXPECT_EQ(run.tools.limits[0].max, Bytes{64 << 20});
}

TEST(Memory, IsProvedByTheCounterOfTheCgroup) {
  SKIP_IF_MISSING(kHoard);
  Rig::Told ran = Rig::run(kHoard);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto kill = ran.evidence->first(Fact::oom_kill);
  ASSERT_TRUE(kill);
  EXPECT_EQ(ran.evidence->trace()[*kill].source, Source::cgroup);
}

TEST(Memory, WithoutItTheSameExpectationFails) {
  Rig::Told ran = Rig::run_unharmed(kHoard);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

TEST(Memory, SaysWhoKilledTheRestOfAGroup) {
  std::string yaml = R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./hoard_in_child, mode: binary}
  env: {FIXTURE_PAUSE: 1s}
faults:
  - memory: {max: 64MiB, group: true}
expect:
  - test: {killed_by: SIGKILL}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto proof = ran.evidence->first(Fact::fault_activated);
  ASSERT_TRUE(proof);
  EXPECT_THAT(ran.evidence->trace()[*proof].text,
              HasSubstr(Rig::session().places().memory_v2
                            ? "oom_group_kill is 1"
                            : "faultrig killed the rest"));
}

const std::string kGreedy =
    "workload:\n"
    "  go_test: {dir: ../../go_fixtures, packages: ./hoard, mode: binary}\n"
    "  env: {FIXTURE_MIB: 48}\n";

TEST(Memory, HasOneBoundAFault) {
  const std::string rest = "expect:\n  - test: {exited: 0}\n";
  EXPECT_THAT(
      Rig::complaints(kGreedy + "faults:\n  - memory: {swap: 0}\n" + rest),
      HasSubstr("max, high"));
  EXPECT_THAT(
      Rig::complaints(
          kGreedy + "faults:\n  - memory: {max: 64MiB, high: 32MiB}\n" + rest),
      HasSubstr("max, high"));
  EXPECT_THAT(
      Rig::complaints(
          kGreedy + "faults:\n  - memory: {high: 32MiB, group: true}\n" + rest),
      HasSubstr("high, group"));
  EXPECT_THAT(
      Rig::complaints(kGreedy + "faults:\n  - memory: {high: 512KiB}\n" + rest),
      HasSubstr("high is below 1MiB"));
}

TEST(Memory, HighIsACapThatTheKernelCounts) {
  Plan plan = Rig::plan(kGreedy +
                        "faults:\n  - memory: {name: a, high: 32MiB}\n"
                        "  - memory: {name: b, max: 64MiB}\n"
                        "expect:\n  - took_effect: a\n");
  const LinkSetup& test = plan.launch.links.at(Link::test);
  ASSERT_EQ(test.caps.size(), 1U);
  EXPECT_EQ(test.caps[0].controller, Controller::memory);
  EXPECT_EQ(test.caps[0].max, std::uint64_t{32} << 20);
  EXPECT_TRUE(test.memory);
  EXPECT_THAT(plan.launch.needs,
              ElementsAre(kNeedsMemoryCgroup, kNeedsMemoryHigh));
}

TEST(Memory, IsHeldBackAndCounted) {
  const std::string yaml =
      kGreedy +
      "faults:\n  - memory: {high: 24MiB, until: {effects: 1}}\n"
      "expect:\n  - test: {exited: 0}\n  - oom: {kills: 0}\n";
  expect_proof(yaml, "high of memory.events rose by ");
}

TEST(Memory, ThatIsNotUsedIsNotHeldBack) {
  const std::string yaml = kGreedy +
                           "faults:\n  - memory: {high: 1GiB}\n"
                           "expect:\n  - test: {exited: 0}\n";
  expect_inconclusive(yaml, " of 1GiB");
}

TEST(Memory, DoesNotTakeAKillForAnOom) {
  std::string yaml = R"(
workload: {command: [sh, -c, 'kill -KILL $$']}
golden: false
faults:
  - memory: {max: 64MiB}
expect:
  - command: {killed_by: SIGKILL}
)";
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Memory, CountsEachRunAnewInAGroupThatIsUsedAgain) {
  SKIP_IF_MISSING(kHoard);
  for (int i = 0; i < 3; ++i) {
    Rig::Told ran = Rig::run(kHoard);
    EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  }
}

}  // namespace
}  // namespace faultrig
