// A run that is spread over shards and joined again, and what did not pass run
// again, with the program itself.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/kernel/command_folder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Spread : public CommandFolder {
 protected:
  Spread() {
    for (const char* name : {"a", "b", "c", "d"}) {
      write(std::string("s/") + name + ".yaml",
            std::string("workload: {command: [sh, -c, 'exit ") +
                (*name == 'c' ? "1" : "0") +
                "']}\nexpect:\n  - command: {exited: 0}\n");
    }
  }

  // Name and verdict of each scenario of a report.
  std::string verdicts(const std::string& file) const {
    return sh("grep -E '^      \"(name|verdict)\": ' " + file).out;
  }
};

TEST_F(Spread, IsMergedAsIfOneMachineHadRunIt) {
  Outcome whole = sh("\"$faultrig\" run s --report json:whole.json");
  sh("mkdir parts; for i in 1 2 3; do \"$faultrig\" run s --shard $i/3 "
     "--report json:parts/$i.json; done");
  Outcome merged =
      sh("\"$faultrig\" merge parts --report text --report json:merged.json");
  EXPECT_EQ(merged.status, whole.status);
  EXPECT_THAT(merged.out, HasSubstr("3 passed, 1 failed in"));
  EXPECT_EQ(verdicts("merged.json"), verdicts("whole.json"));
  EXPECT_THAT(read("parts/2.json"), Not(HasSubstr("\"name\": \"a\"")));
  EXPECT_THAT(read("merged.json"), Not(HasSubstr("\"shard\"")));
}

TEST_F(Spread, SaysThatAShardIsMissing) {
  Outcome told =
      sh("mkdir parts; CI_NODE_INDEX=1 CI_NODE_TOTAL=2 \"$faultrig\" run s "
         "--shard "
         "auto --report json:parts/1.json; \"$faultrig\" merge parts --report "
         "junit:merged.xml");
  EXPECT_EQ(told.status.text(), "exited 3");
  EXPECT_THAT(told.err, HasSubstr("incomplete: shard 2 of 2 is missing"));
  EXPECT_THAT(read("merged.xml"), HasSubstr("shard 2 of 2 is missing"));
  told = sh("\"$faultrig\" merge parts/1.json parts/1.json");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("are both shard 1 of 2"));
}

TEST_F(Spread, WritesTheReportOfAnEmptyPartToo) {
  Outcome told =
      sh("\"$faultrig\" run s --shard 9/9 --report json:r.json; "
         "TEST_SHARD_STATUS_FILE=status \"$faultrig\" run s --shard 8/9");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(read("r.json"), HasSubstr("\"scenarios\": []"));
  EXPECT_EQ(sh("test -e status").status.text(), "exited 0");
}

TEST_F(Spread, RunsAgainWhatDidNotPass) {
  sh("\"$faultrig\" run s --report json:r.json");
  Outcome told = sh("\"$faultrig\" run s --rerun r.json --report json:r.json");
  EXPECT_THAT(told.out, HasSubstr("FAIL  c"));
  EXPECT_THAT(told.out, HasSubstr("0 passed, 1 failed in"));
  EXPECT_THAT(read("r.json"), HasSubstr("--rerun r.json: 1 of 4 scenarios"));
  write("s/c.yaml",
        "workload: {command: ['true']}\n"
        "expect:\n  - command: {exited: 0}\n");
  told =
      sh("\"$faultrig\" run s --rerun r.json --report json:r.json; "
         "\"$faultrig\" run s --rerun r.json");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.out, HasSubstr("1 passed in"));
  EXPECT_THAT(told.out, HasSubstr("\n0 passed in"));
}

TEST_F(Spread, IsNotRedForWhatIsKnown) {
  sh("\"$faultrig\" run s --report json:old.json");
  Outcome told = sh("\"$faultrig\" run s --baseline old.json");
  EXPECT_EQ(told.status.text(), "exited 0");
  EXPECT_THAT(told.out, HasSubstr("3 passed, 1 excused in"));
  write("q.yaml",
        "quarantine:\n  - {scenario: 'c*', until: 9999-12-31, because: x}\n");
  EXPECT_EQ(sh("\"$faultrig\" run s --quarantine q.yaml").status.text(),
            "exited 0");
  write("q.yaml",
        "quarantine:\n  - {scenario: c, until: 2001-01-01, because: x}\n");
  told = sh("\"$faultrig\" run s --quarantine q.yaml");
  EXPECT_EQ(told.status.text(), "exited 1");
  EXPECT_THAT(told.out, HasSubstr("its quarantine ended on 2001-01-01: x"));
  write("q.yaml", "quarantine:\n  - {scenario: c, until: soon}\n");
  told = sh("\"$faultrig\" run s --quarantine q.yaml");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("q.yaml:2:"));
}

TEST_F(Spread, SpendsItsTimeOnWhatFailedAndSaysForWhatThereWasNone) {
  sh("\"$faultrig\" run s --report json:r.json");
  Outcome told =
      sh("\"$faultrig\" run s --budget 1h --timings r.json --stop-early");
  EXPECT_THAT(told.out, HasSubstr("0 passed, 1 failed, 3 not run in"));
  told =
      sh("\"$faultrig\" run s --budget 1ns --report text --report json:n.json");
  EXPECT_EQ(told.status.text(), "exited 77");
  EXPECT_THAT(told.out,
              HasSubstr("not run: no time left in --budget 1ns\n"
                        "                a, b, c, d\n0 passed, 4 not run in"));
  EXPECT_THAT(read("n.json"),
              HasSubstr("\"not_run\": \"no time left in --budget 1ns\""));
  EXPECT_EQ(sh("\"$faultrig\" run s --budget soon").status.text(), "exited 2");
}

TEST_F(Spread, RefusesAReportThatIsNoneOrOfOtherScenarios) {
  write("bad.json", "{}");
  sh("\"$faultrig\" run s --report json:r.json");
  for (const char* words :
       {"--rerun bad.json", "--rerun none.json", "--shard 3/2",
        "--timings r.json", "--shard 1/2 --timings bad.json"}) {
    Outcome told = sh("\"$faultrig\" run s " + std::string(words));
    EXPECT_NE(told.status.text(), "exited 0") << words;
    EXPECT_EQ(told.out, "") << words;
  }
  Outcome told = sh("\"$faultrig\" run s/a.yaml --rerun r.json");
  EXPECT_EQ(told.status.text(), "exited 2");
  EXPECT_THAT(told.err, HasSubstr("s/c.yaml did not pass, and is none of"));
}

}  // namespace
}  // namespace faultrig
