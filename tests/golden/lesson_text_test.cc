// What `faultrig learn` shows, byte for byte.
#include "harness/lesson/lesson_text.h"

#include <csignal>

#include <gtest/gtest.h>

#include "harness/lesson/shelf.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

const std::vector<Lesson>& lessons() {
  static const std::vector<Lesson> all = built_in_lessons().value();
  return all;
}

const LessonText kText(false);

TEST(LessonTexts, ShowTheLessonAndItsCode) {
  EXPECT_EQ(kText.opening(lessons()[0], 12),
            R"(Lesson 1 of 12: os.Exit(255) in a test

A Go test is a program of its own. `go test` compiles it and starts it: that
program is the test binary. Each of the two ends with an exit status of its own.

  exit_test.go
    | package exit
    |
    | import (
    |     "os"
    |     "testing"
    | )
    |
    | func TestExits(t *testing.T) {
    |     os.Exit(255)
    | }
)");
}

TEST(LessonTexts, ShowTheCommandAndAsk) {
  const LessonRun& run = lessons()[5].runs[0];
  EXPECT_EQ(kText.run(run),
            "\n  $ go test .\n    under the fault memory: {max: 64MiB}\n");
  EXPECT_EQ(kText.question(run.ask[0]), R"(
A test needs more memory than it may have. What does it end with?
  a) 1
  b) 2
  c) 255
  d) SIGKILL
)");
}

TEST(LessonTexts, TakeALetterOrTheAnswerItself) {
  const LessonQuestion& question = lessons()[5].runs[0].ask[0];
  EXPECT_EQ(letters_of(question), "a to d");
  EXPECT_EQ(answer_meant(question, "a"), 0);
  EXPECT_EQ(answer_meant(question, "d"), 3);
  EXPECT_EQ(answer_meant(question, "255"), 2);
  EXPECT_EQ(answer_meant(question, "2"), 1);
  for (const char* none : {"", "e", "3", "A", "ab", "-1"}) {
    EXPECT_EQ(answer_meant(question, none), std::nullopt) << none;
  }
}

LessonOutcome out_of_memory() {
  TraceBuilder trace;
  trace.fault("memory").took_effect();
  Observation kill;
  kill.source = Source::cgroup;
  kill.fact = Fact::oom_kill;
  kill.fault = 0;
  kill.link = "test";
  kill.number = 1;
  trace.add(kill).killed("test", SIGKILL, "a.test").exited("go", 1, "go");
  trace.parts.out = "signal: killed\nFAIL\tlesson\t0.1s\n\x1b[2J\n";
  return outcome_of(lessons()[5].runs[0], trace.evidence());
}

TEST(LessonTexts, ShowTheBeginningAndTheEndOfWhatIsLong) {
  const LessonRun& run = lessons()[3].runs[0];
  TraceBuilder trace;
  trace.exited("test", 2, "a.test").exited("go", 1, "go");
  trace.parts.out = "panic: of a test\n";
  for (int i = 2; i <= 14; ++i) {
    trace.parts.out += std::to_string(i) + "\n";
  }
  EXPECT_EQ(kText.came(run, outcome_of(run, trace.evidence())),
            R"(    test     exited 2
    go       exited 1   <-- here the truth is lost
    stdout | panic: of a test
           | 2
           | 3
           | 4
           | ...
           | 7
           | 8
           | 9
           | 10
           | 11
           | 12
           | 13
           | 14
)");
}

TEST(LessonTexts, ShowTheChainAndWhereTheTruthIsLost) {
  const LessonRun& run = lessons()[5].runs[0];
  LessonOutcome outcome = out_of_memory();
  EXPECT_EQ(kText.came(run, outcome),
            R"(    test     killed by SIGKILL
    go       exited 1   <-- here the truth is lost
    seen     fault 'memory' took effect
    seen     1 oom kill in test
    stdout | signal: killed
           | FAIL    lesson    0.1s
           | \x1b[2J
)");
  EXPECT_EQ(kText.compared(run, outcome, {3, 3, 1, 0}),
            R"(
right  A test needs more memory than it may have. What does it end with?
       the machine says SIGKILL
no     And what does go test exit with?
       the machine says 1, you said 255
right  Does what go test prints say anything of memory?
       the machine says no, not a word
right  Then what proves it?
       the machine says the cgroup's counter of OOM kills, which went up by 1
)");
}

TEST(LessonTexts, SayThatNoTestWasStarted) {
  TraceBuilder trace;
  trace.exited("go", 1);
  LessonOutcome outcome = outcome_of(lessons()[2].runs[0], trace.evidence());
  EXPECT_EQ(kText.came(lessons()[2].runs[0], outcome),
            "    test     never started\n    go       exited 1\n");
}

TEST(LessonTexts, SayThatTheMachineSaysSomethingElse) {
  TraceBuilder trace;
  trace.exited("test", 7).exited("go", 1);
  LessonOutcome outcome = outcome_of(lessons()[0].runs[0], trace.evidence());
  EXPECT_EQ(kText.compared(lessons()[0].runs[0], outcome, {0, 1}),
            "\nno     What does the test binary exit with?\n"
            "       the machine says something else, you said 0\n"
            "right  And what does go test exit with?\n"
            "       the machine says 1\n");
}

TEST(LessonTexts, WarnOfARunThatProvesNothing) {
  TraceBuilder trace;
  trace.fault("memory").exited("test", 0).exited("go", 0);
  LessonOutcome outcome = outcome_of(lessons()[5].runs[0], trace.evidence());
  EXPECT_EQ(outcome.judgement.verdict, Verdict::inconclusive);
  EXPECT_NE(kText.came(lessons()[5].runs[0], outcome)
                .find("    careful: fault 'memory' was installed but never"),
            std::string::npos);
}

TEST(LessonTexts, HandOverAndCheck) {
  EXPECT_EQ(kText.exercise(lessons()[1], "./faultrig-learn/02-tee"),
            R"(
Exercise, in ./faultrig-learn/02-tee
`ci.sh` is green though a test fails. Fix the script: it must exit 1, still show
the output, and still say how long the log is. Leave the test alone.
Leave as it is: sum_test.go

Then: faultrig learn --check 2
)");
  EXPECT_EQ(kText.checked(lessons()[1], {true, {}, {}}),
            "solved   go test | tee, and what the shell says\n");
  EXPECT_EQ(kText.checked(lessons()[1], {false, {"a.go is to stay"}, {}}),
            "not yet  go test | tee, and what the shell says\n"
            "  a.go is to stay\n"
            "the task again: faultrig learn --lesson 2\n");
}

TEST(LessonTexts, ListAll) {
  EXPECT_EQ(kText.list(lessons(), {{"01-exit-255", LessonStage::solved},
                                   {"02-tee", LessonStage::seen}}),
            R"( 1  solved  os.Exit(255) in a test
 2  seen    go test | tee, and what the shell says
 3          A test that was never started
 4          A panic is 2
 5          Where a 255 in a shell comes from
 6          The OOM killer leaves no word
            needs a writable memory cgroup
 7          Green, and nothing was tested
 8          What stands between go and the test
 9          Too many open files is an error, and no end
            needs seccomp user notification
10          Two logs that are the same, and one was an OOM kill
            needs a writable memory cgroup
11          A service is told to stop
            needs a cgroup to freeze, seccomp user notification
12          Your own code
)");
}

}  // namespace
}  // namespace faultrig
