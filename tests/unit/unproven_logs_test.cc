// Lines that look like the cause of a failure and are not: what goes on behind
// them, who said them, and where they stand shows it. Of such a log less is
// said, or nothing.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const char* const kFailed =
    "--- FAIL: TestX (0.00s)\n    x_test.go:7: got 3, want 4\nFAIL\n"
    "FAIL\tm/x\t0.1s\nFAIL\n";

TEST(UnprovenLogs, TakeANoteOnAnOlderGoForNoProofOfIt) {
  EXPECT_THAT(causes_of("# m/x\n./x.go:3:4: undefined: totl\n"
                        "note: module requires Go 1.26\n"
                        "FAIL\tm/x [build failed]\n"),
              ElementsAre("undefined_name likely"));
}

TEST(UnprovenLogs, AreNotVetsWhereTheCodeDoesNotCompile) {
  EXPECT_THAT(causes_of("# m/x\n./x.go:3:3: misplaced compiler directive\n"
                        "FAIL\tm/x [build failed]\n"),
              Each(Not(testing::HasSubstr("vet_failed"))));
  EXPECT_THAT(causes_of("# m/x\n./x.go:3:3: cannot call non-function args\n"
                        "FAIL\tm/x [build failed]\n"),
              Each(Not(testing::HasSubstr("vet_failed"))));
  EXPECT_THAT(causes_of("# m/x\n# [m/x]\nvet: ./x.go:3:4: undefined: totl\n"),
              ElementsAre("undefined_name likely"));
}

TEST(UnprovenLogs, TakeAnEchoOfACommandForNoWordOfGo) {
  EXPECT_THAT(causes_of("go build $GOFLAGS ./...\nerror: x\n"), IsEmpty());
  EXPECT_THAT(causes_of("go: downloading a.b/c v1.0.0\nfatal: could not read "
                        "Username for 'https://a.b': terminal prompts "
                        "disabled\n"),
              IsEmpty());
}

// Each error was mended, or did not matter: the job went on.
TEST(UnprovenLogs, DoubtAnErrorOfGoBehindWhichTheJobGoesOn) {
  const char* const errors[] = {
      "go: a.b/c@v1.8.0: Get \"https://p.test/a\": dial tcp: i/o timeout\n",
      "main.go:4:2: no required module provides package a.b/c; to add it:\n"
      "\tgo get a.b/c\n",
      "no Go files in /src\n", "go: updates to go.mod needed\n\tgo mod tidy\n",
      "c/c.go:4:2: missing go.sum entry for module providing package a.b/c; "
      "to add:\n\tgo get m/c\n"};
  for (const char* error : errors) {
    for (const char* next : {"+ npx eslint web\n", "go: downloading a.b/c v2\n",
                             "FAILED test_cart.py::test_total\n"}) {
      EXPECT_THAT(causes_of(std::string(error) + next),
                  ElementsAre(testing::EndsWith(" possible")))
          << error << next;
    }
  }
}

TEST(UnprovenLogs, AreSurerOfAnErrorOfGoThatEndedTheJob) {
  const std::string error = "go: updates to go.mod needed\n\tgo mod tidy\n";
  EXPECT_THAT(causes_of(error), ElementsAre("go_mod_untidy likely"));
  EXPECT_THAT(causes_of(error + "make: *** [Makefile:3: test] Error 1\n"),
              Contains("go_mod_untidy certain"));
}

TEST(UnprovenLogs, KnowThatWhatRanHadBeenBuilt) {
  EXPECT_THAT(causes_of(std::string("# m/x\nx/w.go:5:10: fatal error: "
                                    "windows.h: No such file or directory\n") +
                        kFailed),
              ElementsAre(testing::StartsWith("failed_test ")));
}

TEST(UnprovenLogs, DoNotKnowWhoseStatusOfWindowsItIs) {
  for (const char* status : {"0xc0000005", "0xc0000135", "0xc0000409"}) {
    EXPECT_THAT(causes_of(std::string("exit status ") + status +
                          "\nFAIL\tm/x\t0.8s\nFAIL\n"),
                ElementsAre(testing::EndsWith(" likely")));
  }
}

TEST(UnprovenLogs, TakeNoSummaryThatARunningTestPrints) {
  EXPECT_THAT(causes_of("=== RUN   TestX\n=== Failed\n"
                        "=== FAIL: m/y TestZ (0.00s)\n    z: bad\n\n"
                        "DONE 3 tests, 1 failure in 0.1s\n"
                        "--- PASS: TestX (0.00s)\nPASS\nok  \tm/x\t0.1s\n"),
              IsEmpty());
}

TEST(UnprovenLogs, TakeTheEndOfAnotherContainerForAPossibleCauseAtMost) {
  EXPECT_THAT(causes_of("ok  \tm/x\t0.1s\ndb-1 exited with code 137\n"),
              ElementsAre("ci_killed possible"));
  EXPECT_THAT(causes_of("ok  \tm/x\t0.1s\n  \"OOMKilled\": false,\n"),
              IsEmpty());
  EXPECT_THAT(causes_of("ok  \tm/x\t0.1s\n./ci.sh: line 12:  4711 Killed      "
                        "            ./server\nall done\n"),
              ElementsAre("shell_killed possible"));
}

TEST(UnprovenLogs, DoNotBlameDockerForAnImageThatIsPulled) {
  EXPECT_THAT(causes_of(std::string("Unable to find image 'a:1' locally\n")),
              IsEmpty());
  EXPECT_THAT(causes_of("docker: 'compose' is deprecated, use the plugin\n"),
              IsEmpty());
}

TEST(UnprovenLogs, AskForGosOwnWordsNotForOnesLikeThem) {
  for (const char* line : {"go.mod:12: replace directive is not allowed",
                           "up: x: directory not found",
                           "mkdir /artifacts/42: no space left on device",
                           "fopen: open /srv/x: too many open files",
                           "verifying package: checksum mismatch"}) {
    EXPECT_THAT(causes_of(std::string(line) + "\n"), IsEmpty()) << line;
  }
}

TEST(UnprovenLogs, TellOfTroubleBehindPackagesThatAreGood) {
  for (const char* line :
       {"FAIL", "Finished: FAILURE", "Done. Your build exited with 1.",
        "ERROR: failed to solve: process", "error Command failed with exit 1",
        "Segmentation fault (core dumped)", "==== 1 failed, 2 passed in 0.03s",
        "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
        "coverage 41.2% is below the limit of 80%"}) {
    Explained all = explained(std::string("ok  \tm/x\t0.1s\n") + line + "\n");
    EXPECT_TRUE(all.trouble || !all.explanations.empty()) << line;
  }
  for (const char* line : {"0 failed, 3 passed", "Finished: SUCCESS"}) {
    EXPECT_FALSE(
        explained(std::string("ok  \tm/x\t0.1s\n") + line + "\n").trouble)
        << line;
  }
}

}  // namespace
}  // namespace faultrig
