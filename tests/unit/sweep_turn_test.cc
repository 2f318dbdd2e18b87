// The runs of a scenario with a sweep, with made-up programs.
#include "harness/campaign/sweep_turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/base_scenario.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/run_source.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/report/sweep_report.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kYaml =
    "about: it is swept\n"
    "workload: {deadline: 9s, command: ['true']}\n"
    "faults: [{cpu: {max: 50%, name: slow}}]\n"
    "sweep: {calls: {call: fsync, each: once, path: '*.db'}}\n"
    "allow: [{site: '123456', outcome: hung, because: known}]\n"
    "expect:\n"
    "- sweep: {swallowed: 0}\n"
    "- command: {exited: 0}\n";

Entry entry_of(const std::string& yaml) {
  Entry entry;
  entry.yaml = yaml;
  ReadScenario read =
      read_scenario(yaml, {"store", "/tmp/store.yaml"}, full_language());
  EXPECT_TRUE(read.scenario);
  if (read.scenario) {
    entry.plan = *make_plan(*read.scenario, 1).plan;
  }
  return entry;
}

class Kept : public Sink<Judgement> {
 public:
  void begun(const std::string&, int) override { ++begun_; }
  void result(const Judgement& made) override { results.push_back(made); }
  std::vector<Judgement> results;
  int begun_ = 0;
};

SiteRun passed() {
  SiteRun run;
  run.end = SiteRun::End::passed;
  CallSite site;
  site.id = "9ca1db57fa30c793";
  site.call = "fsync";
  site.owner = CallOwner::program;
  site.calls = 1;
  site.recordings = 1;
  run.sites = {site};
  return run;
}

std::string answered(const std::string& answer) {
  return frame_text({{0}, answer});
}

// The order of the inner source: a kind, and YAML.
FramedText inner(const Task& task) {
  return *parse_frame(parse_frame(task.order, 3)->rest, 4);
}

TEST(BaseScenario, HasWhatStandsInEachRunAndFoldersFromTheRoot) {
  std::string base = *base_yaml(entry_of(kYaml));
  EXPECT_THAT(base, AllOf(HasSubstr("name: slow"), HasSubstr("exited: 0"),
                          HasSubstr("cwd: \"/tmp\"")));
  EXPECT_THAT(base, AllOf(Not(HasSubstr("sweep")), Not(HasSubstr("allow")),
                          Not(HasSubstr("about"))));
}

TEST(BaseScenario, PutsTheFaultsOfAPointFirst) {
  std::string base = *base_yaml(entry_of(kYaml));
  std::string run =
      *with_parts(base, {"# head\n", std::chrono::seconds(7),
                         "faults:\n- syscall: {call: fsync, error: EIO}\n",
                         "expect:\n- leftovers: 0\n"});
  EXPECT_THAT(run, HasSubstr("# head\n"));
  EXPECT_THAT(run, HasSubstr("deadline: \"7s\""));
  EXPECT_LT(run.find("syscall"), run.find("cpu"));
  EXPECT_LT(run.find("exited"), run.find("leftovers"));
}

TEST(BaseScenario, JudgedRunsComeBackAsTheyWere) {
  Judgement judgement;
  judgement.verdict = Verdict::fail;
  judgement.findings = {{Verdict::fail, "no", {}, "test: {exited: 0}"},
                        {Verdict::pass, "yes", {}, "leftovers: 0"}};
  auto read = parse_judged(judged_text({"{\"a\": 1}", judgement}));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->line, "{\"a\": 1}");
  ASSERT_EQ(unmet_in(*read).size(), 1U);
  EXPECT_EQ(unmet_in(*read)[0].expected, "test: {exited: 0}");
  EXPECT_TRUE(unmet_in(*parse_judged("{}")).empty());
  EXPECT_FALSE(parse_judged("99 \nshort"));
}

TEST(BaseScenario, TellsWhichExpectationAFindingIsAbout) {
  Scenario scenario;
  scenario.expect = {{"a", {}, {4, 3}, "a"}, {"b", {}, {5, 3}, "b"}};
  Judgement judgement;
  judgement.findings = {{Verdict::fail, "no", {}, "b", {5, 3}},
                        {Verdict::fail, "a fault", {}, "", {2, 3}},
                        {Verdict::error, "we", {}, "", {}}};
  Judgement told = with_numbers(judgement, scenario);
  EXPECT_EQ(told.findings[0].place.line, 2);
  EXPECT_EQ(told.findings[1].place.line, 0);
  EXPECT_EQ(told.findings[2].place.line, 0);
}

// Answers all that is asked with this; gives the YAML of each run.
std::vector<std::string> all_runs(
    RunSource& source, const std::function<std::string(bool)>& answer) {
  std::vector<std::string> out;
  while (auto task = source.next()) {
    FramedText order = inner(*task);
    out.push_back(order.rest);
    source.learned(*task, answer(order.words[0] == 0));
  }
  return out;
}

TEST(SweepTurn, IsOneResultOfARun) {
  std::vector<Entry> entries{entry_of(kYaml)};
  Kept sink;
  RunSource source(entries, {}, sink);
  auto runs = all_runs(source, [](bool recording) {
    SiteRun run = passed();
    run.effects = recording ? 0 : 1;
    run.calls = 1;
    return answered(site_run_line(run));
  });
  EXPECT_EQ(runs.size(), 6U);  // three recordings, three tries
  EXPECT_THAT(runs[0], AllOf(HasSubstr("calls:"), HasSubstr("\"*.db\"")));
  EXPECT_THAT(runs[3],
              AllOf(HasSubstr("error: EIO"), HasSubstr("9ca1db57fa30c793"),
                    HasSubstr("\"*.db\"")));
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.begun_, 1);
  EXPECT_EQ(sink.results[0].verdict, Verdict::fail);
  EXPECT_EQ(sink.results[0].scenario, "store");
  EXPECT_EQ(sink.results[0].observed, "1 point: swallowed 1");
  EXPECT_EQ(source.standing().done, 1U);
}

TEST(SweepTurn, IsSkippedWhereThisMachineCannot) {
  std::vector<Entry> entries{entry_of(kYaml)};
  Kept sink;
  RunSource source(entries, {}, sink);
  all_runs(source, [](bool) { return frame_text({{1}, "needs a cgroup"}); });
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].verdict, Verdict::skipped);
  EXPECT_EQ(sink.results[0].findings[0].because, "needs a cgroup");
}

TEST(SweepTurn, WhatIsExpectedOfEachRunIsPartOfTheVerdict) {
  std::vector<Entry> entries{entry_of(kYaml)};
  Kept sink;
  RunSource source(entries, {}, sink);
  Judgement judgement;
  judgement.findings = {
      {Verdict::fail, "command exited 1", {}, "command exited 0", {1, 0}}};
  all_runs(source, [&](bool recording) {
    SiteRun run = passed();
    run.effects = recording ? 0 : 1;
    run.end = recording ? SiteRun::End::passed : SiteRun::End::failed;
    run.said = {"fsync: input/output error"};
    return answered(judged_text({site_run_line(run), judgement}));
  });
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].verdict, Verdict::fail);
  EXPECT_EQ(sink.results[0].findings[0].expected, "command exited 0");
  EXPECT_EQ(sink.results[0].findings[0].place.line, 8);
}

TEST(SweepTurn, OneThatWasCutShortWasNotRun) {
  std::vector<Entry> entries{entry_of(kYaml)};
  Kept sink;
  RunSource source(entries, {}, sink);
  ASSERT_TRUE(source.next());
  std::vector<Judgement> rest = source.not_run("interrupted");
  ASSERT_EQ(rest.size(), 1U);
  EXPECT_EQ(rest[0].apart.not_run, "interrupted");
}

}  // namespace
}  // namespace faultrig
