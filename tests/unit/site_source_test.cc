// What runs a sweep of call sites is made of, with made-up programs.
#include "harness/campaign/site_source.h"

#include <cerrno>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/frame.h"
#include "harness/parse/baseline_reader.h"
#include "harness/plan/planner.h"
#include "harness/report/sweep_report.h"
#include "harness/sweep/all_sweeps.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using End = SiteRun::End;

class Nowhere : public Sink<SiteOutcome> {
 public:
  void result(const SiteOutcome& made) override { results.push_back(made); }
  std::vector<SiteOutcome> results;
};

CallSite syncs() {
  CallSite site;
  site.id = "9ca1db57fa30c793";
  site.call = "fsync";
  site.frames = {{"example.com/store.(*DB).Put", "/src/store.go", 21}};
  site.owner = CallOwner::program;
  site.calls = 1;
  site.recordings = 1;
  return site;
}

SiteRun recorded() {
  SiteRun run;
  run.end = End::passed;
  run.sites = {syncs()};
  run.took = std::chrono::milliseconds(20);
  return run;
}

SiteRun silent(const std::string&) {
  SiteRun run = recorded();
  run.effects = 1;
  run.calls = 1;
  return run;
}

SiteRun loud(const std::string&) {
  SiteRun run = silent("");
  run.end = End::failed;
  run.said = {"sync: input/output error"};
  return run;
}

class Sites : public ::testing::Test {
 protected:
  Sites() {
    ask.target.dir = "/src";
    ask.asked.what = ".";
  }
  // Does all that is asked for; gives the YAML of each run.
  std::vector<std::string> done(
      SiteSource& source,
      const std::function<SiteRun(const std::string&)>& program,
      const SiteRun& recording) {
    std::vector<std::string> runs;
    while (auto task = source.next()) {
      FramedText order = *parse_frame(task->order, 4);
      auto length = static_cast<std::size_t>(order.words[1]);
      runs.push_back(order.rest.substr(0, length));
      recovers.push_back(order.rest.substr(length));
      source.learned(*task,
                     site_run_line(order.words[0] == 0 ? recording
                                                       : program(runs.back())));
    }
    return runs;
  }

  SiteAsk ask;
  Nowhere sink;
  std::vector<std::string> recovers;  // beside each run
};

TEST_F(Sites, AreRecordedThreeTimesBeforeAnythingIsTried) {
  SiteSource source(ask, sink);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(source.next());
  }
  EXPECT_FALSE(source.next());
}

TEST_F(Sites, AreTriedOnceWhereTheErrorSurfaces) {
  SiteRun opens = recorded();
  opens.sites[0].call = "openat";
  SiteSource source(ask, sink);
  EXPECT_THAT(done(source, loud, opens), SizeIs(3 + 2));
  EXPECT_EQ(source.sweep().verdict, SiteSweep::Verdict::clean);
}

TEST_F(Sites, AreTriedTwiceWhereDataIsAtStakeAndTheErrorSurfaces) {
  SiteSource source(ask, sink);
  EXPECT_THAT(done(source, loud, recorded()), SizeIs(3 + 2 * 2));
  EXPECT_EQ(source.sweep().verdict, SiteSweep::Verdict::clean);
}

TEST_F(Sites, AreNotBelievedToSurfaceWhereTheyDoAtTimes) {
  ask.asked.each = {faultrig::Each::once};
  SiteSource source(ask, sink);
  int tries = 0;
  auto second_silent = [&](const std::string& yaml) {
    return ++tries == 2 ? silent(yaml) : loud(yaml);
  };
  done(source, second_silent, recorded());
  ASSERT_THAT(source.sweep().points, SizeIs(1));
  EXPECT_EQ(source.sweep().points[0].because, "2 surfaced, 1 swallowed");
}

// It surfaces, or it is called again: both are as they should be.
TEST_F(Sites, AreNotFlakyWhereEachTryIsAnswered) {
  ask.asked.each = {faultrig::Each::once};
  SiteSource source(ask, sink);
  int tries = 0;
  auto again_later = [&](const std::string& yaml) {
    SiteRun run = ++tries == 1 ? loud(yaml) : silent(yaml);
    run.calls = tries;
    return run;
  };
  done(source, again_later, recorded());
  EXPECT_EQ(source.sweep().points[0].outcome, SiteOutcome::surfaced);
  EXPECT_EQ(source.sweep().verdict, SiteSweep::Verdict::clean);
}

TEST_F(Sites, AreTriedAgainWithAllCallsWatchedWhereNobodyNoticed) {
  SiteSource source(ask, sink);
  std::vector<std::string> runs = done(source, silent, recorded());
  EXPECT_THAT(runs, SizeIs(3 + 2 * 3));
  EXPECT_THAT(runs[3], HasSubstr("calls: {call: fsync, site:"));
  EXPECT_THAT(runs.back(), HasSubstr("calls: {call: [fsync, fdatasync"));
  SiteSweep sweep = source.sweep();
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::findings);
  ASSERT_THAT(sweep.points, SizeIs(2));
  EXPECT_EQ(sweep.points[0].outcome, SiteOutcome::swallowed);
}

TEST_F(Sites, AreFlakyWhereTriesDiffer) {
  SiteSource source(ask, sink);
  int tries = 0;
  done(
      source,
      [&](const std::string& yaml) {
        return ++tries % 2 == 0 ? silent(yaml) : SiteRun(loud(yaml));
      },
      recorded());
  SiteSweep sweep = source.sweep();
  bool flaky = false;
  for (const SitePoint& point : sweep.points) {
    flaky = flaky || point.outcome == SiteOutcome::flaky;
  }
  EXPECT_EQ(flaky, sweep.verdict == SiteSweep::Verdict::findings);
}

// The first try, that did not look at everything, counts all the same.
TEST_F(Sites, AreFlakyWhereTheFirstTryAloneIsSwallowed) {
  ask.asked.each = {faultrig::Each::once};
  SiteSource source(ask, sink);
  int tries = 0;
  done(
      source,
      [&](const std::string& yaml) {
        return ++tries == 1 ? silent(yaml) : SiteRun(loud(yaml));
      },
      recorded());
  ASSERT_THAT(source.sweep().points, SizeIs(1));
  EXPECT_EQ(source.sweep().points[0].outcome, SiteOutcome::flaky);
}

// Ten times of nothing known would be no limit.
TEST_F(Sites, AreLookedAtForFiveMinutesWhileTheyAreRecorded) {
  SiteSource source(ask, sink);
  EXPECT_EQ(source.deadline(), std::chrono::minutes(5));
}

// What is late by our own doing has not hung.
TEST_F(Sites, HaveSoMuchLongerWhereEachCallIsLate) {
  ask.asked.delay = 2'000'000'000;
  ask.asked.each = {faultrig::Each::from_then_on};
  SiteRun run = recorded();
  run.sites[0].calls = 10;
  SiteSource source(ask, sink);
  std::vector<std::string> runs = done(source, loud, run);
  EXPECT_THAT(runs[3], HasSubstr("deadline: 25s"));
}

TEST_F(Sites, AreNotSweptWhereARecordingFails) {
  SiteRun bad = recorded();
  bad.end = End::failed;
  bad.end_text = "exited 1";
  bad.output = "--- FAIL: TestPut\n    a_test.go:3: no $TMPDIR/socket\n";
  SiteSource source(ask, sink);
  EXPECT_THAT(done(source, loud, bad), SizeIs(3));
  EXPECT_EQ(source.sweep().verdict, SiteSweep::Verdict::could_not_tell);
  EXPECT_THAT(source.sweep().because,
              HasSubstr("without any fault it exited 1: --- FAIL: TestPut | "
                        "a_test.go:3: no $TMPDIR/socket"));
}

TEST_F(Sites, AreGivenAgainWhereAWorkerEnded) {
  SiteSource source(ask, sink);
  Task task = source.next().value();
  source.take_back(task);
  EXPECT_THAT(done(source, loud, recorded()), SizeIs(3 + 2 * 2));
}

TEST_F(Sites, FailInEachTestThatComesThere) {
  ask.asked.each = {faultrig::Each::per_test};
  SiteRun run = recorded();
  run.sites[0].tests = {"store.TestPut", "store.TestKeep.func1"};
  SiteSource source(ask, sink);
  std::vector<std::string> runs = done(
      source,
      [&](const std::string& yaml) {
        SiteRun made = loud(yaml);
        made.hit = {1};
        return made;
      },
      run);
  ASSERT_THAT(runs, SizeIs(3 + 2));
  EXPECT_THAT(runs[3], HasSubstr("in: \"store.TestPut\", nth: 1"));
  EXPECT_THAT(runs[3], HasSubstr("in: \"store.TestKeep.func1\", nth: 1"));
  SiteSweep sweep = source.sweep();
  EXPECT_THAT(sweep.points[0].tests,
              ::testing::ElementsAre("store.TestKeep.func1"));
  std::string yaml =
      *site_finding_yaml(ask.target, sweep, 0, source.deadline());
  EXPECT_EQ(yaml.find("store.TestPut"), std::string::npos);
}

TEST_F(Sites, AreLookedAtAfterwards) {
  ask.recover = "./check 'x'";
  SiteSource source(ask, sink);
  std::vector<std::string> runs = done(
      source,
      [](const std::string& yaml) {
        SiteRun run = loud(yaml);
        run.lost = "exited 1";
        return run;
      },
      recorded());
  EXPECT_THAT(recovers, Each(HasSubstr("check")));
  EXPECT_TRUE(scenario_from(recovers[0], "sweep", "sweep.yaml"));
  EXPECT_EQ(source.sweep().points[0].outcome, SiteOutcome::lost);
  EXPECT_FALSE(is_repeatable(SiteOutcome::lost));
}

TEST_F(Sites, AreNotSweptWhereSomethingIsLostWithoutAFault) {
  ask.recover = "false";
  SiteRun bad = recorded();
  bad.lost = "exited 1";
  SiteSource source(ask, sink);
  EXPECT_THAT(done(source, loud, bad), SizeIs(3));
  EXPECT_THAT(source.sweep().because, HasSubstr("recover command exited 1"));
}

TEST_F(Sites, AreLeftWhereTheBudgetIsSpent) {
  ask.budget = std::chrono::nanoseconds(1);
  SiteSource source(ask, sink);
  EXPECT_THAT(done(source, loud, recorded()), SizeIs(3));
  SiteSweep sweep = source.sweep();
  EXPECT_EQ(sweep.left, 2U);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::could_not_tell);
}

// What is written for a finding is what was run.
TEST_F(Sites, AreWrittenAsScenariosThatCanBePlanned) {
  ask.target.dir = "/";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>(), {"./a b", "--x=\"y\""}}) {
    ask.target.command = command;
    SiteSource source(ask, sink);
    std::vector<std::string> runs = done(source, silent, recorded());
    SiteSweep sweep = source.sweep();
    runs.push_back(*site_finding_yaml(ask.target, sweep, 0, source.deadline()));
    for (const std::string& yaml : runs) {
      auto scenario = scenario_from(yaml, "sweep", "sweep.yaml");
      ASSERT_TRUE(scenario) << scenario.error().what << yaml;
      EXPECT_TRUE(make_plan(*scenario, 1).plan) << yaml;
    }
  }
}

TEST_F(Sites, AreWrittenWithEachKindOfHarm) {
  ask.target.dir = "/";
  ask.recover = "true";
  ask.asked.kill = true;
  ask.asked.shorten = 1;
  ask.asked.delay = 2'000'000'000;
  SiteRun run = recorded();
  run.sites[0].call = "write";
  SiteSource source(ask, sink);
  std::vector<std::string> runs = done(source, silent, run);
  SiteSweep sweep = source.sweep();
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    sweep.points[i].outcome = SiteOutcome::failed;
    runs.push_back(*site_finding_yaml(ask.target, sweep, i, source.deadline()));
  }
  for (const std::string& yaml : runs) {
    auto scenario = scenario_from(yaml, "sweep", "sweep.yaml");
    ASSERT_TRUE(scenario) << scenario.error().what << yaml;
    Planned planned = make_plan(*scenario, 1);
    EXPECT_TRUE(planned.plan)
        << yaml << (planned.troubles.empty() ? "" : planned.troubles[0].what);
  }
}

TEST_F(Sites, CannotBeNamedByACommandThatIsNoText) {
  ask.target.command = {"\xff"};
  SiteSource source(ask, sink);
  EXPECT_FALSE(source.next());
  EXPECT_THAT(source.sweep().because, HasSubstr("UTF-8"));
}

TEST_F(Sites, AreToldInText) {
  SiteSource source(ask, sink);
  done(source, silent, recorded());
  std::string text = sweep_text(lone_sweep(source.sweep()), false);
  EXPECT_THAT(text, AllOf(HasSubstr("swallowed  store.(*DB).Put (store.go:21)"),
                          HasSubstr("fsync EIO, once and from then on, site "
                                    "9ca1db57"),
                          HasSubstr("findings: 2 of 2 points are findings")));
}

TEST_F(Sites, AreSafeOnATerminal) {
  ask.asked.what = "\x1b[2J";
  SiteSource source(ask, sink);
  SiteRun run = recorded();
  run.sites[0].frames[0].function = "x.\x1b]0;title\a";
  done(source, silent, run);
  EXPECT_EQ(sweep_text(lone_sweep(source.sweep()), false).find('\x1b'),
            std::string::npos);
  EXPECT_EQ(sweep_json(lone_sweep(source.sweep())).find('\x1b'),
            std::string::npos);
}

TEST(SiteRunLine, IsReadBackAsItWas) {
  SiteRun run = silent("");
  run.said = {"a", "b\n"};
  run.left = {"sleep"};
  run.top = "main.main";
  run.hit = {0, 3};
  run.tests.calls = {{"", 2}, {"store.TestPut", 1}};
  run.tests.failing = {{"TestPut", true}};
  run.lost = "exited 1";
  run.sites[0].tests = {"store.TestPut"};
  run.sites[0].calls_in = run.tests.calls;
  run.sites[0].owner = CallOwner::unknown;
  SiteRun back = parse_site_run_line(site_run_line(run)).value();
  EXPECT_EQ(site_run_line(back), site_run_line(run));
  EXPECT_FALSE(parse_site_run_line("{}"));
  EXPECT_FALSE(parse_site_run_line("nonsense"));
}

TEST(Baseline, IsAListOfFindingsWithReasons) {
  ReadBaseline read = read_baseline(
      "allow:\n"
      "  - {site: 4f2a91, outcome: swallowed, because: the cache may go}\n");
  ASSERT_THAT(read.complaints, IsEmpty());
  ASSERT_THAT(read.rows, SizeIs(1));
  EXPECT_EQ(read.rows[0].outcome, SiteOutcome::swallowed);
  EXPECT_EQ(read.rows[0].because, "the cache may go");
}

TEST(Baseline, SaysWhereItIsWrong) {
  ReadBaseline read = read_baseline(
      "allow:\n"
      "  - {site: 4f2a91, outcome: swallowed}\n"
      "  - {site: nowhere, outcome: odd, because: x}\n");
  std::vector<std::string> what;
  for (const Complaint& complaint : read.complaints) {
    what.push_back(complaint.what);
  }
  EXPECT_THAT(what, ::testing::Contains(HasSubstr("because")));
  EXPECT_THAT(what, ::testing::Contains(HasSubstr("call site")));
  EXPECT_FALSE(read_baseline("{").complaints.empty());
  EXPECT_FALSE(read_baseline("").complaints.empty());
}

}  // namespace
}  // namespace faultrig
