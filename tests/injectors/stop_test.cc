#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

std::string scenario(const std::string& fault,
                     const std::string& expect = "service: hung") {
  return "workload:\n  service:\n    command:\n    - sh\n    - -c\n    - |\n"
         "      trap '' TERM; echo up; while :; do sleep 0.01; done\n"
         "    ready: {output: ^up$}\nfaults:\n  - stop: {" +
         fault + "}\nexpect:\n  - " + expect + "\n";
}

std::unique_ptr<Injector> injector_for(const std::string& fault) {
  FaultSpec spec{0, Rig::plan(scenario(fault)).scenario.faults.at(0)};
  return std::move(find_injector("stop")->make(spec)).value();
}

TEST(Stop, RefusesAnUnknownPlatformWithItsPlace) {
  EXPECT_THAT(Rig::complaints(scenario("like: nomad")),
              HasSubstr("10:18: expected one of kubernetes, docker, systemd"));
}

TEST(Stop, RefusesWhatAsksNobody) {
  EXPECT_THAT(Rig::complaints(scenario("signal: SIGKILL")),
              HasSubstr("stop: signal: nobody can be asked by SIGKILL"));
  EXPECT_THAT(Rig::complaints("workload: {command: [sleep, '1']}\nfaults:\n"
                              "  - stop: {when: {after: 1s}}\n"),
              HasSubstr("only a service is stopped so"));
}

TEST(Stop, SaysThatAFaultStopsTheService) {
  Launch launch;
  ASSERT_TRUE(injector_for("when: {ready: true}")->prepare(launch));
  EXPECT_TRUE(launch.stops_service);
  EXPECT_TRUE(launch.links[Link::service].held_for.empty());
  ASSERT_TRUE(injector_for("like: docker")->prepare(launch));
  EXPECT_EQ(launch.links[Link::service].held_for, std::vector<FaultId>{0});
}

struct Numbers {
  std::string fault;
  nanoseconds load;
  nanoseconds wait;
  nanoseconds grace;
};

TEST(Stop, HasTheNumbersOfItsPlatform) {
  const Numbers all[] = {
      {"signal: SIGTERM", seconds(0), seconds(0), seconds(10)},
      {"like: docker", seconds(0), seconds(0), seconds(10)},
      {"like: systemd", seconds(0), seconds(0), seconds(90)},
      {"like: kubernetes", seconds(1), seconds(0), seconds(30)},
      {"like: kubernetes, pre_stop: 5s", seconds(1), seconds(5), seconds(25)},
      {"like: kubernetes, pre_stop: 29s", seconds(1), seconds(29), seconds(2)},
      {"like: kubernetes, pre_stop: 40s", seconds(1), seconds(30), seconds(2)},
      {"like: kubernetes, grace: 1s", seconds(1), seconds(0), seconds(2)},
      {"like: docker, pre_stop: 5s, grace: 7s", seconds(0), seconds(5),
       seconds(7)},
      {"balancer_lag: 300ms", milliseconds(300), seconds(0), seconds(10)}};
  for (const Numbers& one : all) {
    FakeRun run;
    auto injector = injector_for(one.fault);
    ASSERT_TRUE(injector->arm(run));
    ASSERT_EQ(run.stops.size(), 1U) << one.fault;
    EXPECT_EQ(run.stops[0].load_for, one.load) << one.fault;
    EXPECT_EQ(run.stops[0].grace, one.grace) << one.fault;
    EXPECT_EQ(run.signals.size(), one.wait.count() == 0 ? 1U : 0U);
    run.tick(one.wait);
    ASSERT_EQ(run.signals.size(), 1U) << one.fault;
    EXPECT_EQ(run.signals[0].second, SIGTERM);
    EXPECT_EQ(run.signals[0].first,
              one.fault == "like: systemd" ? "tree" : "service");
  }
}

TEST(Stop, HasNoEffectWhereTheServiceEndedDuringPreStop) {
  FakeRun run;
  run.reached = 0;
  auto injector = injector_for("pre_stop: 1s");
  ASSERT_TRUE(injector->arm(run));
  run.tick(seconds(1));
  EXPECT_EQ(run.count(Fact::fault_activated), 0U);
  EXPECT_EQ(run.count(Fact::stop_begun), 1U);
}

TEST(Stop, KillsWhoLivesWhenTheGraceIsOver) {
  Rig::Told ran =
      Rig::run(scenario("like: docker, grace: 200ms, when: {ready: true}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_TRUE(ran.evidence->activated(0));
  auto passed = ran.evidence->first(Fact::grace_passed);
  ASSERT_TRUE(passed);
  EXPECT_EQ(ran.evidence->trace()[*passed].number, 200'000'000);
}

TEST(Stop, WithoutItTheSameExpectationFails) {
  Rig::Told ran = Rig::run_unharmed(
      scenario("when: {ready: true}", "drain: {at_least: 20s}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

// Nobody but the platform stops it meanwhile, though all faults have come.
TEST(Stop, WaitsForPreStopBeforeItSignals) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./service/good}\nfaults:\n  - stop: {pre_stop: 600ms, when: {ready: "
      "true}}\nexpect:\n  - service: {graceful: zero}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto begun = ran.evidence->first(Fact::stop_begun);
  auto sent = ran.evidence->first(Fact::signal_sent);
  ASSERT_TRUE(begun && sent);
  EXPECT_GE(ran.evidence->trace()[*sent].at - ran.evidence->trace()[*begun].at,
            milliseconds(600));
}

}  // namespace
}  // namespace faultrig
