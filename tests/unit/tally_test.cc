#include "harness/report/tally.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

Judgement run_of(const std::string& scenario, int repeat,
                 const std::string& how, Verdict verdict = Verdict::pass) {
  Judgement out;
  out.scenario = scenario;
  out.repeat = repeat;
  out.observed = "command " + how;
  out.ends.push_back({"command", "serve", "exited", how, ""});
  out.verdict = verdict;
  return out;
}

TEST(Tally, CountsHowEachRepetitionEnded) {
  std::vector<Judgement> runs;
  for (int i = 1; i <= 20; ++i) {
    runs.push_back(i % 4 == 0
                       ? run_of("a", i, "killed by SIGTERM", Verdict::fail)
                       : run_of("a", i, "exited 0"));
    runs.push_back(run_of("b", i, "exited 0"));
  }
  EXPECT_EQ(tally_text(tallies_of(runs)),
            "tally a\n"
            "      15 of 20 exited 0 (pass), first #1\n"
            "      5 of 20 killed by SIGTERM (fail), first #4\n"
            "      flaky\n"
            "tally b\n"
            "      20 of 20 exited 0 (pass), first #1\n");
}

using Rows = std::vector<TimelineRow>;

Judgement told(Judgement judgement, const Rows& rows) {
  RunDetails details;
  details.rows = rows;
  judgement.details = std::make_shared<const RunDetails>(details);
  judgement.evidence = "kept/repeat-" + std::to_string(judgement.repeat);
  return judgement;
}

TimelineRow row(std::size_t index, const std::string& fact,
                const std::string& text) {
  return {index, std::chrono::milliseconds(index), fact, "test", 7, text};
}

TEST(Tally, NamesTheObservationThatDiffersFirst) {
  Rows good{row(0, "process_started", "started as 4711"),
            row(1, "signal_sent", "SIGTERM sent"), row(2, "trap", "trapped"),
            row(3, "process_ended", "exited 0")};
  Rows bad{row(0, "signal_sent", "SIGTERM sent"),
           row(1, "process_started", "started as 99"),
           row(2, "process_ended", "killed by SIGTERM")};
  std::vector<Judgement> runs{
      told(run_of("a", 2, "exited 0"), good),
      told(run_of("a", 1, "killed by SIGTERM", Verdict::fail), bad)};
  Tally tally = tallies_of(runs).at(0);
  EXPECT_TRUE(tally.flaky());
  EXPECT_EQ(tally.difference(),
            "trace 2 of #1, which #2 has not: killed by SIGTERM");
  EXPECT_EQ(tally_text({tally}),
            "tally a\n"
            "      1 of 2 exited 0 (pass), first #2: kept/repeat-2\n"
            "      1 of 2 killed by SIGTERM (fail), first #1: kept/repeat-1\n"
            "      flaky: differs first at trace 2 of #1, which #2 has not: "
            "killed by SIGTERM\n");
}

TEST(Tally, IsNotFlakyWhereAllPassOrNothingElseIsKnown) {
  Judgement skipped = run_of("a", 3, "not run", Verdict::skipped);
  std::vector<Judgement> runs{run_of("a", 1, "exited 0"),
                              run_of("a", 2, "exited 1"), skipped};
  EXPECT_FALSE(tallies_of(runs).at(0).flaky());
  EXPECT_EQ(tallies_of(runs).at(0).difference(), "");
}

TEST(Tally, KeepsTheNamesOfManyLinks) {
  Judgement run = run_of("a", 1, "exited 0");
  run.observed = "test killed by SIGTERM, go exited 1";
  run.ends.push_back({"go", "go", "exited", "exited 1", ""});
  Judgement again = run;
  again.repeat = 2;
  std::vector<Judgement> runs{run, again};
  EXPECT_EQ(tallies_of(runs).at(0).rows.at(0).observed, run.observed);
}

TEST(Tally, IsNotMadeOfSingleRuns) {
  std::vector<Judgement> runs{run_of("a", 0, "exited 0"),
                              run_of("b", 1, "exited 0")};
  EXPECT_EQ(tally_text(tallies_of(runs)), "");
}

}  // namespace
}  // namespace faultrig
