// The runs of a sweep over what a program depends on, with a made-up program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/site_source.h"
#include "harness/plan/planner.h"
#include "harness/report/sweep_report.h"
#include "harness/sweep/all_sweeps.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class Told : public Sink<SiteOutcome> {
 public:
  void progress(const std::string& what) override { steps.push_back(what); }
  void result(const SiteOutcome&) override {}
  std::vector<std::string> steps;
};

SiteRun recorded() {
  CallSite peer;
  peer.id = "localhost:6379";
  peer.call = "connect";
  peer.frames = {{"example.com/store.(*DB).Ask", "/src/store.go", 21}};
  peer.owner = CallOwner::program;
  peer.calls = 1;
  peer.recordings = 1;
  peer.is_peer = true;
  SiteRun run;
  run.end = SiteRun::End::passed;
  run.sites = {peer};
  run.took = std::chrono::milliseconds(20);
  return run;
}

SiteAsk asked() {
  SiteAsk ask;
  ask.target.dir = "/";
  ask.asked.what = ".";
  ask.asked.peers.emplace();
  ask.asked.peers->does = {{DependencyMode::hang},
                           {DependencyMode::slow, 300'000'000}};
  ask.asked.peers->when = {"start", "{output: ready}"};
  ask.asked.each = {faultrig::Each::once};
  return ask;
}

// Does all that is asked for, and says nothing; gives the YAML of each run.
std::vector<std::string> done(SiteSource& source) {
  std::vector<std::string> runs;
  while (auto task = source.next()) {
    FramedText order = *parse_frame(task->order, 4);
    auto length = static_cast<std::size_t>(order.words[1]);
    runs.push_back(order.rest.substr(0, length));
    auto kind = static_cast<RunKind>(order.words[0]);
    EXPECT_TRUE(kind == RunKind::peers || kind == RunKind::peer);
    SiteRun run = recorded();
    run.effects = kind == RunKind::peer ? 1 : 0;
    run.calls = run.effects;
    source.learned(*task, site_run_line(run));
  }
  return runs;
}

class SweptDependencies : public ::testing::Test {
 protected:
  SiteAsk ask_ = asked();
  Told sink_;
  SiteSource source_{ask_, sink_};
  std::vector<std::string> runs_ = done(source_);
};

TEST_F(SweptDependencies, DoEachThingFromEachMomentOn) {
  EXPECT_THAT(runs_, Each(HasSubstr("calls: {call: [connect, listen]")));
  EXPECT_THAT(runs_[3],
              HasSubstr("- dependency: {to: \"localhost:6379\", does: hang, "
                        "first: 1}\n"));
  EXPECT_THAT(runs_[4], HasSubstr("first: 1, when: {output: ready}}\n"));
  EXPECT_THAT(sink_.steps[3], EndsWith(" hang of localhost:6379"));
  SiteSweep sweep = source_.sweep();
  ASSERT_THAT(sweep.points, SizeIs(4));
  EXPECT_EQ(sweep.points[0].outcome, SiteOutcome::swallowed);
  EXPECT_EQ(sweep.points[2].outcome, SiteOutcome::handled);
}

TEST_F(SweptDependencies, AreWrittenAsScenariosThatCanBePlanned) {
  SiteSweep sweep = source_.sweep();
  runs_.push_back(
      *site_finding_yaml(ask_.target, sweep, 0, source_.deadline()));
  for (const std::string& yaml : runs_) {
    auto scenario = scenario_from(yaml, "sweep", "sweep.yaml");
    ASSERT_TRUE(scenario) << scenario.error().what << yaml;
    EXPECT_TRUE(make_plan(*scenario, 1).plan) << yaml;
  }
  EXPECT_EQ(site_finding_name(sweep, 2, 7), "7-handled-slow-300ms");
}

// How it ends says little, since it is told to; what its requests came to does.
TEST_F(SweptDependencies, AreWrittenForAServiceByItsRequests) {
  SweepTarget target;
  target.base =
      "workload: {service: {command: [/bin/server]}, load: [{http: {get: /}, "
      "rate: 9/s}]}\n";
  target.link = "service";
  SiteSweep sweep = source_.sweep();
  auto expected = [&](SiteOutcome outcome) {
    sweep.points[0].outcome = outcome;
    std::string yaml =
        site_finding_yaml(target, sweep, 0, source_.deadline()).value();
    auto scenario = scenario_from(yaml, "sweep", "sweep.yaml");
    EXPECT_TRUE(scenario && make_plan(*scenario, 1).plan) << yaml;
    return scenario ? scenario->expect.at(0).text : "";
  };
  EXPECT_EQ(expected(SiteOutcome::swallowed),
            "requests: {wrong: {at_least: 1}}");
  EXPECT_EQ(expected(SiteOutcome::failed),
            "requests: {wrong: 0, cut: 0, refused: 0}");
  EXPECT_EQ(expected(SiteOutcome::hung), "requests: {timed_out: 0, cut: 0}");
  EXPECT_EQ(expected(SiteOutcome::crashed), "output: {lacks: 'goroutine '}");
  EXPECT_EQ(expected(SiteOutcome::leaked), "leftovers: 0");
}

TEST_F(SweptDependencies, AreToldByTheirAddresses) {
  SiteSweeps all = lone_sweep(source_.sweep());
  EXPECT_THAT(sweep_text(all, false),
              AllOf(HasSubstr("swallowed  localhost:6379, from store"),
                    HasSubstr("  hang, the first connection from the start "),
                    HasSubstr("1 dependencies, 4 points")));
  EXPECT_THAT(sweep_json(all), AllOf(HasSubstr("\"site\": \"localhost:6379\""),
                                     HasSubstr("\"when\": \"start\"")));
  EXPECT_THAT(sweep_sarif(all, "/src"),
              AllOf(HasSubstr("hang of localhost:6379"),
                    HasSubstr("\"uri\": \"store.go\"")));
}

}  // namespace
}  // namespace faultrig
