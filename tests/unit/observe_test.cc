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

std::string profiles(const std::string& what) {
  auto taken = good(kGo + "observe: [profile: " + what + "]\n" + kAsk).observe;
  return taken.profile ? taken.profile->text() : "none";
}

TEST(ObserveReader, TakesProfilesOfGoTests) {
  EXPECT_EQ(profiles("[mutex, cpu]"), "cpu, mutex");
  EXPECT_EQ(profiles("heap"), "heap");
  EXPECT_EQ(profiles("{of: [block]}"), "block");
  EXPECT_THAT(wrong(kGo, "profile: [cpus]"), HasSubstr("did you mean 'cpu'"));
  EXPECT_THAT(wrong(kGo, "profile:"), HasSubstr("needs the key 'of'"));
  EXPECT_EQ(profiles("[perf, mutex]"), "mutex, perf");
  EXPECT_THAT(wrong(kCommand, "profile: [cpu]"), HasSubstr("only go_test"));
  EXPECT_THAT(wrong(kCommand, "profile: [cpu, perf]"),
              HasSubstr("of any other workload there is perf"));
  EXPECT_THAT(wrong(kGo, "{profile: cpu}, {profile: heap}"),
              HasSubstr("profile is observed once"));
}

// What reading says, else what planning says, of the whole language.
std::string plan_trouble(const std::string& workload,
                         const std::string& observe,
                         const std::string& expect) {
  ReadScenario read =
      read_scenario(workload + observe + "\nexpect: [" + expect + "]\n",
                    {"x", "/x.yaml", false}, full_language());
  if (!read.scenario) {
    return read.complaints.front().what;
  }
  Planned out = make_plan(*read.scenario, 1);
  return out.troubles.empty() ? "" : out.troubles.front().what;
}

const std::string kCpu = "observe: [profile: cpu]";
const std::string kShare =
    "profile: {of: cpu, in: a.f, share: {at_most: 9.5%}}";

TEST(ObservePlan, TakesTheProfileThatIsAskedFor) {
  EXPECT_EQ(plan_trouble(kGo, kCpu, kShare), "");
  EXPECT_EQ(plan_trouble(kGo, kCpu, "profile: {of: cpu, hottest: a.f}"), "");
  EXPECT_THAT(plan_trouble(kGo, "", kShare), HasSubstr("nobody takes"));
  EXPECT_THAT(plan_trouble(kGo, "observe: [profile: heap]", kShare),
              HasSubstr("say `observe: [profile: [cpu]]`"));
}

TEST(ObservePlan, RefusesAProfileThatMakesTheAnswerImpossible) {
  const std::string asleep = "panic: {matches: 'all goroutines are asleep'}";
  EXPECT_THAT(plan_trouble(kGo, kCpu, asleep), HasSubstr("would hang"));
  EXPECT_THAT(plan_trouble(kGo, kCpu, "output: {contains: deadlock!}"),
              HasSubstr("would hang"));
  EXPECT_THAT(plan_trouble(kGo, kCpu, "goroutines: {deadlock: certain}"),
              HasSubstr("would hang"));
  EXPECT_EQ(plan_trouble(kGo, kCpu,
                         "{test: hung}, {goroutines: {deadlock: certain}}"),
            "");
  EXPECT_EQ(
      plan_trouble(kGo, "observe: [profile: [heap, block, mutex]]", asleep),
      "");
}

TEST(ObservePlan, RefusesAProfileThatSomebodyElseTakes) {
  auto with = [](const std::string& words) {
    return "workload: {go_test: {packages: ./a, " + words + "}}\n";
  };
  EXPECT_THAT(plan_trouble(with("flags: [-cpuprofile=x]"), kCpu, kShare),
              HasSubstr("-cpuprofile already"));
  EXPECT_THAT(plan_trouble(with("args: [-test.cpuprofile=x]"), kCpu, kShare),
              HasSubstr("-cpuprofile already"));
  EXPECT_EQ(plan_trouble(with("flags: [-memprofile=x]"), kCpu, kShare), "");
  // Of what is sampled at a rate of theirs nobody knows how much there was.
  const std::string both = "observe: [profile: [block, mutex]]";
  EXPECT_THAT(plan_trouble(with("flags: [-blockprofilerate=9]"), both, ""),
              HasSubstr("-blockprofilerate, and a profile does not say"));
  EXPECT_THAT(
      plan_trouble(with("args: [-test.mutexprofilefraction=9]"), both, ""),
      HasSubstr("-mutexprofilefraction, and a profile does not say"));
  EXPECT_EQ(plan_trouble(with("flags: [-memprofilerate=1]"),
                         "observe: [profile: heap]", ""),
            "");
  EXPECT_THAT(plan_trouble(with("flags: [-fuzz=x]"), kCpu, kShare),
              HasSubstr("workers"));
}

TEST(ObservePlan, TakesTheProfileWithoutFaultsToo) {
  auto key = [](const std::string& observe) {
    return good(kGo + observe + "\n" + kAsk).observe.key();
  };
  EXPECT_NE(key(kCpu), key(""));
  EXPECT_NE(key(kCpu), key("observe: [profile: [cpu, heap]]"));
}

TEST(ShareReader, TakesAtLeastOrAtMost) {
  auto complaint = [](const std::string& share) {
    return plan_trouble(kGo, kCpu,
                        "profile: {of: cpu, in: a.f, share: " + share + "}");
  };
  EXPECT_EQ(complaint("{at_least: 20%}"), "");
  for (const char* bad :
       {"20%", "{not: 20%}", "{at_most: 20}", "{at_most: 101%}", "[20%]"}) {
    EXPECT_NE(complaint(bad), "") << bad;
  }
  EXPECT_THAT(
      plan_trouble(kGo, kCpu, "profile: {of: cpu, share: {at_most: 9%}}"),
      HasSubstr("exactly one of in, hottest"));
}

std::string spans(const std::string& what) {
  auto taken = good(kGo + "observe: [spans: " + what + "]\n" + kAsk).observe;
  return taken.spans ? taken.spans->text() : "none";
}

TEST(ObserveReader, ReceivesSpansOfAnyWorkload) {
  EXPECT_EQ(spans("{}"), "wait 1s");
  EXPECT_EQ(spans("{wait: 200ms, port: 4318}"), "port 4318, wait 200ms");
  EXPECT_EQ(spans("{port: true}"), "wait 1s");
  EXPECT_TRUE(good(kService + "observe: [spans: {}]\n" + kAsk).observe.spans);
  EXPECT_THAT(wrong(kGo, "spans: {waits: 1s}"), HasSubstr("'wait'"));
  EXPECT_THAT(wrong(kGo, "{spans: {}}, {spans: {}}"),
              HasSubstr("spans are observed once"));
}

TEST(ObservePlan, ReceivesTheSpansThatAreAskedFor) {
  const std::string taken = "observe: [spans: {}]";
  EXPECT_EQ(plan_trouble(kGo, taken, "spans: {name: a}"), "");
  EXPECT_THAT(plan_trouble(kGo, "observe: [profile: cpu]", "spans: {name: a}"),
              HasSubstr("say `observe: [spans: {wait: 1s}]`"));
  EXPECT_THAT(plan_trouble(kGo, taken, "spans: {name: a, during: nobody}"),
              HasSubstr("no fault has the name 'nobody'"));
  EXPECT_EQ(plan_trouble(kGo + "faults: [signal: {send: TERM}]\n", taken,
                         "spans: {during: signl}"),
            "no fault has the name 'signl' (did you mean 'signal'?)");
  EXPECT_THAT(plan_trouble(kGo, taken, "spans: {longest: 200ms}"),
              HasSubstr("a bound such as {at_most: 200ms}"));
  EXPECT_EQ(plan_trouble(kGo, taken, "spans: {longest: {at_most: 2ms}}"), "");
}

TEST(ObservePlan, SaysWhatIsObserved) {
  Observers all =
      good(kGo +
           "observe: [spans: {}, {profile: cpu}, {goroutines: {at: end}}]\n" +
           kAsk)
          .observe;
  EXPECT_THAT(all.texts(), testing::ElementsAre(
                               "goroutines, from outside: at end",
                               "profiles, by flags of each test binary: cpu",
                               "spans of OTLP, received on loopback: wait 1s"));
}

}  // namespace
}  // namespace faultrig
