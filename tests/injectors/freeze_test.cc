// A link that stands still: no signal, no run time, and a clock that went on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::unique_ptr<Injector> freezer(milliseconds time) {
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "freeze";
  spec.fault.at = Link::command;
  spec.fault.params.set("for", std::chrono::nanoseconds(time));
  return find_injector("freeze")->make(spec).value();
}

TEST(Freeze, CountsItsTimeFromTheMomentAtWhichAllStand) {
  FakeRun run;
  run.tools.stands = false;
  auto injector = freezer(milliseconds(100));
  ASSERT_TRUE(injector->arm(run));
  run.tick(milliseconds(150));
  EXPECT_TRUE(run.tools.frozen);
  run.tools.stands = true;
  run.tick(milliseconds(1));
  run.tick(milliseconds(99));
  EXPECT_TRUE(run.tools.frozen);
  run.tick(milliseconds(2));
  EXPECT_FALSE(run.tools.frozen);
  EXPECT_EQ(run.count(Fact::fault_activated), 1U);
  EXPECT_THAT(run.ended, ElementsAre(0));
}

// A call that a fault holds for longer keeps its thread from standing.
TEST(Freeze, WaitsAsLongAsItTakesUntilAllStand) {
  FakeRun run;
  run.tools.stands = false;
  auto injector = freezer(milliseconds(100));
  ASSERT_TRUE(injector->arm(run));
  for (int i = 0; i < 5000; ++i) {
    run.tick(milliseconds(1));
  }
  EXPECT_TRUE(run.tools.frozen);
  run.tools.stands = true;
  for (int i = 0; i < 200; ++i) {
    run.tick(milliseconds(1));
  }
  EXPECT_FALSE(run.tools.frozen);
  EXPECT_EQ(run.count(Fact::fault_activated), 1U);
}

// Whatever the group says: who ran did not stand still.
TEST(Freeze, TakesNoEffectOnWhatRanMeanwhile) {
  FakeRun run;
  auto injector = freezer(milliseconds(10));
  ASSERT_TRUE(injector->arm(run));
  run.tools.ran += std::chrono::nanoseconds(1);
  run.tick(milliseconds(20));
  EXPECT_FALSE(run.tools.frozen);
  EXPECT_EQ(run.count(Fact::fault_activated), 0U);
}

TEST(Freeze, IsOverWhenTheRunIs) {
  FakeRun run;
  auto injector = freezer(milliseconds(1000));
  ASSERT_TRUE(injector->arm(run));
  injector->disarm();
  EXPECT_FALSE(run.tools.frozen);
}

// A loop that prints a line each 20 ms, and tells the longest gap.
const std::string kTicks = R"(
workload:
  command:
    - bash
    - -c
    - |
      last=$(date +%s%N); most=0
      for i in {1..40}; do
        echo tick; sleep 0.02
        now=$(date +%s%N); gap=$(( (now - last) / 1000000 )); last=$now
        if [ $gap -gt $most ]; then most=$gap; fi
      done
      if [ $most -ge 400 ]; then echo "a gap"; fi
)";

TEST(Freeze, IsSeenByTheClockAlone) {
  std::string yaml = kTicks + R"(
faults:
  - freeze: {for: 400ms, when: {output: tick}}
expect:
  - command: {exited: 0}
  - output: {contains: a gap}
  - recovered: {after: freeze, output: tick, within: 30s}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 1U);
}

// The first that ends does not let go of what another holds.
TEST(Freeze, OfTwoThatOverlapLastsUntilBothHaveEnded) {
  std::string yaml = kTicks + R"(
faults:
  - freeze: {for: 100ms, name: short, when: {output: tick}}
  - freeze: {for: 450ms, name: long, when: {output: tick}}
expect:
  - command: {exited: 0}
  - output: {contains: a gap}
  - took_effect: short
  - took_effect: long
)";
  expect_pass(yaml);
}

TEST(Freeze, LastsUntilAnythingThatCanRelease) {
  std::string yaml = kTicks + R"(
faults:
  - freeze: {when: {output: tick}, until: {after: 400ms}}
expect:
  - output: {contains: a gap}
)";
  expect_pass(yaml);
}

// It is killed at the deadline all the same, nothing is left frozen, and it is
// known that it stood until then.
TEST(Freeze, KeepsNothingFromEnding) {
  std::string yaml = R"(
workload:
  deadline: 500ms
  command: [bash, -c, 'echo go; while :; do sleep 0.01; done']
faults:
  - freeze: {when: {output: go}, until: {fault: never}}
  - syscall: {call: fsync, error: EIO, name: never, optional: true}
expect:
  - command: {exited: 0}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_NE(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->count(Fact::leftover), 0U);
  EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 1U);
}

TEST(Freeze, SaysWhatItTakes) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints("workload: {command: [true]}\nfaults:\n  - " +
                           fault + "\nexpect:\n  - command: {exited: 0}\n");
  };
  EXPECT_THAT(complaints("freeze: {}"), HasSubstr("for is missing, or until"));
  EXPECT_THAT(complaints("freeze: {for: 1s, until: {after: 1s}}"),
              HasSubstr("either for or until"));
  EXPECT_THAT(complaints("freeze: {until: {effects: 1}}"),
              HasSubstr("takes no effects here"));
}

}  // namespace
}  // namespace faultrig
