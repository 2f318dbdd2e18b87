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
            "      15 of 20 exited 0 (pass)\n"
            "      5 of 20 killed by SIGTERM (fail)\n"
            "tally b\n"
            "      20 of 20 exited 0 (pass)\n");
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
