// `timeline` of `observe`, and what may be asked of it.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/observe.h"
#include "harness/model/profile_flags.h"
#include "harness/plan/planner.h"
#include "harness/run/binary_trace.h"
#include "harness/run/run_profiles.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kAsk = "expect: [{output: {contains: a}}]\n";
const std::string kTaken = "observe: [timeline: {}]";

std::string timeline(const std::string& what) {
  auto taken = good(kGo + "observe: [timeline: " + what + "]\n" + kAsk).observe;
  return taken.timeline ? taken.timeline->text() : "none";
}

std::string wrong(const std::string& workload, const std::string& what) {
  return complaints_of(workload + "observe: [" + what + "]\n" + kAsk);
}

TEST(TimelineReader, TakesAPeriod) {
  EXPECT_EQ(timeline("{}"), "each 100ms");
  EXPECT_EQ(timeline("{period: 1s}"), "each 1s");
  EXPECT_FALSE(good(kGo + kAsk).observe.timeline);
  EXPECT_THAT(wrong(kGo, "timeline: {perod: 1s}"), HasSubstr("'period'"));
  EXPECT_THAT(wrong(kGo, "timeline: {period: 10us}"),
              HasSubstr("2:30 a period of less than 1ms"));
  EXPECT_THAT(wrong(kGo, "{timeline: {}}, {timeline: {}}"),
              HasSubstr("timeline is observed once"));
}

TEST(TimelineReader, SaysWhatItCannot) {
  EXPECT_THAT(wrong(kGo, "timeline: {flight: 8MiB}"),
              HasSubstr("2:30 faultrig keeps no flight recorder"));
  EXPECT_THAT(wrong(kCommand, "timeline: {}"), HasSubstr("only go_test"));
}

Planned planned(const std::string& workload, const std::string& observe,
                const std::string& expect) {
  ReadScenario read =
      read_scenario(workload + observe + "\nexpect: [" + expect + "]\n",
                    {"x", "/x.yaml", false}, full_language());
  EXPECT_TRUE(read.scenario) << read.complaints.front().what;
  return make_plan(*read.scenario, 1);
}

std::string trouble(const std::string& workload, const std::string& observe,
                    const std::string& expect) {
  Planned out = planned(workload, observe, expect);
  return out.troubles.empty() ? "" : out.troubles.front().what;
}

TEST(TimelinePlan, TakesTheTraceThatIsAskedFor) {
  const std::string sync = "timeline: {blocked: sync, in: a.f}";
  EXPECT_EQ(trouble(kGo, kTaken, sync), "");
  EXPECT_THAT(trouble(kGo, "", sync),
              HasSubstr("say `observe: [timeline: {period: 100ms}]`"));
  EXPECT_EQ(trouble(kGo, kTaken, "timeline: {order: [a, b], per: goroutine}"),
            "");
}

TEST(TimelinePlan, KnowsWhatStandsBesideWhat) {
  EXPECT_THAT(trouble(kGo, kTaken, "timeline: {gc: pause, in: a.f}"),
              HasSubstr("in stands only beside blocked"));
  EXPECT_THAT(trouble(kGo, kTaken, "timeline: {gc: pause, per: goroutine}"),
              HasSubstr("per stands only beside order"));
  EXPECT_THAT(trouble(kGo, kTaken, "timeline: {order: [a, b], count: 2}"),
              HasSubstr("order is met or not"));
  EXPECT_THAT(trouble(kGo, kTaken, "timeline: {order: a}"),
              HasSubstr("two names or more"));
  ReadScenario read = read_scenario(
      kGo + kTaken + "\nexpect: [timeline: {gc: pause, blocked: sync}]\n",
      {"x", "/x.yaml", false}, full_language());
  ASSERT_FALSE(read.complaints.empty());
  EXPECT_THAT(read.complaints.front().what,
              HasSubstr("exactly one of blocked, gc, order"));
}

TEST(TimelinePlan, RefusesATraceThatMakesTheAnswerImpossible) {
  EXPECT_THAT(trouble(kGo, kTaken, "output: {contains: deadlock!}"),
              HasSubstr("would hang"));
  EXPECT_EQ(
      trouble(kGo, kTaken, "{test: hung}, {goroutines: {deadlock: certain}}"),
      "");
  auto with = [](const std::string& words) {
    return "workload: {go_test: {packages: ./a, " + words + "}}\n";
  };
  EXPECT_THAT(trouble(with("flags: [-trace=x]"), kTaken, ""),
              HasSubstr("-trace already"));
  EXPECT_THAT(trouble(with("args: [-test.trace=x]"), kTaken, ""),
              HasSubstr("-trace already"));
  EXPECT_THAT(trouble(with("flags: [-fuzz=x]"), kTaken, ""),
              HasSubstr("workers"));
  Observers observe = good(kGo + kTaken + "\n" + kAsk).observe;
  EXPECT_TRUE(can_profile(observe, "-v"));
  EXPECT_FALSE(can_profile(observe, "-trace=x"));
}

TEST(TimelinePlan, NeedsTheReader) {
  Planned out = planned(kGo, kTaken, "");
  EXPECT_THAT(out.plan->launch.needs, Contains(kNeedsTraceReader));
  EXPECT_THAT(good(kGo + kTaken + "\n" + kAsk).observe.texts(),
              ElementsAre("execution trace, by a flag of each test binary, "
                          "written each 100ms"));
}

TEST(TimelinePlan, TakesTheTraceWithoutFaultsToo) {
  auto key = [](const std::string& observe) {
    return good(kGo + observe + "\n" + kAsk).observe.key();
  };
  EXPECT_NE(key(kTaken), key(""));
  EXPECT_NE(key(kTaken), key("observe: [timeline: {period: 1s}]"));
}

TEST(TracePeriod, IsBesideWhatTheAuthorHasInGodebug) {
  using std::chrono::milliseconds;
  EXPECT_THAT(with_trace_period({"A=1"}, milliseconds(100)),
              ElementsAre("A=1", "GODEBUG=traceadvanceperiod=100000000"));
  EXPECT_THAT(
      with_trace_period({"GODEBUG=netdns=go", "A=1"}, milliseconds(1)),
      ElementsAre("A=1", "GODEBUG=netdns=go,traceadvanceperiod=1000000"));
  EXPECT_THAT(
      with_trace_period({"GODEBUG=traceadvanceperiod=5"}, milliseconds(1)),
      ElementsAre("GODEBUG=traceadvanceperiod=5"));
}

}  // namespace
}  // namespace faultrig
