// Less time on processors: the group's own count of periods without any left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

// Works until it has used a tenth of a second, and tells how long that took.
const std::string kWorks =
    "workload:\n  command:\n    - bash\n    - -c\n    - |\n"
    "      began=$(date +%s%N)\n"
    "      for i in {1..40000}; do :; done\n"
    "      echo \"$(( ($(date +%s%N) - began) / 1000000 )) ms\"\n";

TEST(Cpu, IsGivenInPeriodsThatTheKernelCounts) {
  expect_pass(kWorks +
              "faults:\n  - cpu: {max: 3%}\n"
              "expect:\n  - command: {exited: 0}\n  - took_effect: cpu\n");
}

// Who sleeps uses none of what is left.
TEST(Cpu, ThatNobodyWantsProvesNothing) {
  const std::string yaml =
      "workload: {command: [sleep, '0.3']}\n"
      "faults:\n  - cpu: {max: 50%, when: {after: 100ms}}\n"
      "expect:\n  - command: {exited: 0}\n";
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Cpu, IsThereAgainBehindTheRelease) {
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "cpu";
  spec.fault.at = Link::command;
  spec.fault.params.set("max", 0.5);
  auto injector = find_injector("cpu")->make(spec).value();
  FakeRun run;
  ASSERT_TRUE(injector->arm(run));
  ASSERT_TRUE(injector->can_release());
  ASSERT_TRUE(injector->release(run));
  EXPECT_TRUE(run.tools.lifted);
  expect_pass(kWorks +
              "faults:\n  - cpu: {max: 1%, until: {after: 300ms}}\n"
              "expect:\n  - command: {exited: 0}\n"
              "  - recovered: {after: cpu, output: ' ms$'}\n");
}

TEST(Cpu, IsNeverLessThanTheKernelTakes) {
  EXPECT_THAT(Rig::complaints(kWorks + "faults:\n  - cpu: {max: 0.5%}\n"
                                       "expect:\n  - took_effect: cpu\n"),
              HasSubstr("below 1%"));
  EXPECT_THAT(Rig::complaints(
                  kWorks + "faults:\n  - cpu: {max: 5%, until: {effects: 2}}\n"
                           "expect:\n  - took_effect: cpu\n"),
              HasSubstr("until takes no effects here"));
}

}  // namespace
}  // namespace faultrig
