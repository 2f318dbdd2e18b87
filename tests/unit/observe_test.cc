// `observe` of a scenario, and what may be asked of it.
#include "harness/model/observe.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plan/planner.h"
#include "tests/unit/scenario_readings.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

const std::string kAsk = "expect: [{output: {contains: a}}]\n";
const std::string kService = "workload: {service: {command: [./serve]}}\n";

std::string observed(const std::string& workload, const std::string& what) {
  Observers all = good(workload + "observe: [" + what + "]\n" + kAsk).observe;
  return all.goroutines ? all.goroutines->text() : "nothing";
}

std::string wrong(const std::string& workload, const std::string& what) {
  return complaints_of(workload + "observe: [" + what + "]\n" + kAsk);
}

TEST(ObserveReader, TakesMomentsOrATime) {
  EXPECT_EQ(observed(kGo, "goroutines: {at: [end, test]}"), "at test, at end");
  EXPECT_EQ(observed(kGo, "goroutines: {at: fault}"), "at fault");
  EXPECT_EQ(observed(kGo, "goroutines: {every: 100ms, by: walk}"),
            "every 100ms, at end");
}

TEST(ObserveReader, LooksAtTheUsualMomentsWhereNoneIsNamed) {
  EXPECT_EQ(observed(kGo, "goroutines: {}"), "at start, at fault, at end");
  EXPECT_EQ(observed(kCommand, "goroutines:"), "at start, at fault, at end");
  EXPECT_EQ(observed(kService, "goroutines: {}"), "at ready, at fault, at end");
  EXPECT_FALSE(good(kGo + kAsk).observe.goroutines);
}

TEST(ObserveReader, SaysWhatIsWrong) {
  EXPECT_EQ(wrong(kGo, "goroutines: {at: [ends]}"),
            "2:29 unknown at 'ends' (did you mean 'end'?)\n");
  EXPECT_THAT(wrong(kGo, "goroutines: {at: [xyzzyx]}"),
              HasSubstr("there are start, ready, fault, release, test, end"));
  EXPECT_THAT(wrong(kGo, "goroutines: {at: end, every: 1s}"),
              HasSubstr("at most one"));
  EXPECT_THAT(wrong(kGo, "goroutines: {every: 0s}"), HasSubstr("2:31"));
  EXPECT_THAT(wrong(kGo, "goroutines: {at: ready}"),
              HasSubstr("only a service gets ready"));
  EXPECT_THAT(wrong(kCommand, "goroutines: {at: test}"),
              HasSubstr("only go_test runs Go tests"));
  EXPECT_THAT(wrong(kGo, "goroutine: {at: end}"),
              HasSubstr("unknown observer 'goroutine'"));
  EXPECT_THAT(wrong(kGo, "{goroutines: {at: end}}, {goroutines: {at: end}}"),
              HasSubstr("observed once"));
}

std::string trouble(const std::string& workload, const std::string& observe,
                    const std::string& expect) {
  ReadScenario read = read_scenario(
      workload + observe + "\nexpect: [goroutines: {" + expect + "}]\n",
      {"x", "/x.yaml", false}, full_language());
  EXPECT_TRUE(read.scenario);
  if (!read.scenario) {
    return read.complaints.front().what;
  }
  Planned out = make_plan(*read.scenario, 1);
  return out.troubles.empty() ? "" : out.troubles.front().what;
}

TEST(ObservePlan, NeedsLooksForWhatIsAskedOfThem) {
  for (const char* asked :
       {"grows: none", "leaked: none", "deadlock: likely"}) {
    EXPECT_THAT(trouble(kGo, "", asked), HasSubstr("nobody looks")) << asked;
    EXPECT_EQ(trouble(kGo, "observe: [goroutines: {at: [test, end]}]", asked),
              "");
  }
  EXPECT_EQ(trouble(kGo, "", "deadlock: certain"), "");
  EXPECT_THAT(trouble(kGo, "observe: [goroutines: {at: end}]", "grows: none"),
              HasSubstr("moments that come again"));
  EXPECT_THAT(trouble(kGo, "observe: [goroutines: {at: test}]", "leaked: none"),
              HasSubstr("a look at the end"));
  EXPECT_THAT(
      trouble(kService, "observe: [goroutines: {every: 1s}]", "leaked: none"),
      HasSubstr("what leaks there grows"));
  EXPECT_EQ(
      trouble(kService, "observe: [goroutines: {every: 1s}]", "grows: none"),
      "");
}

TEST(ObservePlan, DoesNotMixLooksAndDumps) {
  const std::string looks = "observe: [goroutines: {at: [test, end]}]";
  EXPECT_THAT(trouble(kGo, looks, "grows: none, in: main.f"),
              HasSubstr("in asks of a dump"));
  EXPECT_THAT(trouble(kGo, looks, "deadlock: certain, ignore: main.f"),
              HasSubstr("ignore stands only beside"));
}

TEST(ObservePlan, LooksAtTestsOfOnePackage) {
  EXPECT_THAT(
      trouble("workload: {go_test: {packages: ./...}}\n",
              "observe: [goroutines: {at: [test, end]}]", "grows: none"),
      HasSubstr("need one package"));
}

TEST(ObservePlan, HoldsNoServiceAtItsExit) {
  auto holds = [](const std::string& workload, Link link) {
    Scenario scenario =
        good(workload + "observe: [goroutines: {at: end}]\n" + kAsk);
    return make_plan(scenario, 1).plan->launch.links.at(link).looks_at_exit;
  };
  EXPECT_TRUE(holds(kCommand, Link::command));
  EXPECT_FALSE(holds(kService, Link::service));
}

}  // namespace
}  // namespace faultrig
