// What a test prints may be any word of go, and what a panic says any word of
// another one. Pairs: the real thing, and what only looks like it.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> causes_behind(const std::string& printed) {
  return causes_of(printed + "FAIL\texample.com/m/store\t0.1s\nFAIL\n");
}

std::string stack(const std::string& first_frame = "") {
  return "\ngoroutine 7 [running]:\n" + first_frame +
         "example.com/m/store.TestX(0x1)\n\t/m/store_test.go:7 +0x1\n"
         "testing.tRunner(0x1, 0x2)\n\t/go/src/testing/testing.go:9 +0x1\n";
}

std::string frame(const std::string& function) {
  return function + "(0x1)\n\t/m/a.go:1 +0x1\n";
}

struct Pair {
  const char* real;
  const char* cause;
  const char* quoted;  // somebody's own panic, which quotes the real one
};

TEST(LookalikeLogs, TellAPanicFromOneThatQuotesItsWords) {
  const Pair pairs[] = {
      {"panic: runtime error: index out of range [5] with length 3",
       "index_out_of_range",
       "panic: rpc failed: runtime error: index out of range [5]"},
      {"panic: runtime error: invalid memory address or nil pointer "
       "dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 "
       "pc=0x5]",
       "nil_pointer",
       "panic: peer: invalid memory address or nil pointer "
       "dereference"},
      {"panic: runtime error: integer divide by zero", "divide_by_zero",
       "panic: worker: runtime error: integer divide by zero"},
      {"panic: assignment to entry in nil map", "nil_map",
       "panic: config: assignment to entry in nil map"},
      {"panic: sync: negative WaitGroup counter", "negative_wait_group",
       "panic: pool: sync: negative WaitGroup counter"},
      {"panic: runtime error: makeslice: len out of range", "negative_length",
       "panic: codec: runtime error: makeslice: len out of range"},
      {"panic: runtime error: hash of unhashable type []int", "unhashable",
       "panic: set: runtime error: hash of unhashable type []int"}};
  for (const Pair& pair : pairs) {
    EXPECT_THAT(causes_behind(pair.real + ("\n" + stack())),
                ElementsAre(std::string(pair.cause) + " likely"));
    EXPECT_THAT(causes_behind(pair.quoted + ("\n" + stack())),
                ElementsAre(std::string(pair.cause) + " possible"));
  }
}

TEST(LookalikeLogs, TellAFatalErrorFromAPanicThatQuotesIt) {
  EXPECT_THAT(causes_behind("fatal error: all goroutines are asleep - "
                            "deadlock!\n" +
                            stack()),
              ElementsAre("deadlock likely"));
  EXPECT_THAT(causes_behind("panic: child: fatal error: all goroutines are "
                            "asleep - deadlock! [recovered]\n" +
                            stack()),
              ElementsAre("panic_in_test likely"));
  EXPECT_THAT(causes_behind("panic: test timed out after 1m30s\n" +
                            stack(frame("testing.(*M).startAlarm.func1"))),
              ElementsAre("test_timeout likely"));
  EXPECT_THAT(causes_behind("panic: test timed out after 3 tries "
                            "[recovered]\n" +
                            stack()),
              ElementsAre("panic_in_test likely"));
}

// Before Go 1.23 a panic of several lines is not indented.
TEST(LookalikeLogs, AreUnsureOfTheSecondOfTwoHeadlinesInARow) {
  EXPECT_THAT(causes_behind("panic: two lines:\nfatal error: concurrent map "
                            "writes\n" +
                            stack()),
              ElementsAre("concurrent_map possible"));
}

TEST(LookalikeLogs, TakeNoLineBeforeACrashForItsWords) {
  EXPECT_THAT(causes_behind("child: Assertion `x' failed.\nruntime error: "
                            "index out of range\npanic: boom [recovered]\n" +
                            stack()),
              ElementsAre("panic_in_test likely"));
  EXPECT_THAT(causes_behind("runtime: program exceeds 10-thread limit\nfatal "
                            "error: thread exhaustion\n" +
                            stack()),
              ElementsAre("thread_exhaustion likely"));
}

// A recovered panic that somebody logs with its stack.
TEST(LookalikeLogs, TakeAStackThatTheProgramPrintedForNoCrash) {
  const std::string words =
      "panic: runtime error: invalid memory address or nil pointer "
      "dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 "
      "pc=0x5]\n";
  EXPECT_THAT(causes_behind(words + stack(frame("runtime/debug.Stack") +
                                          frame("example.com/m/store.f.func1") +
                                          frame("panic"))),
              ElementsAre("exit_hidden possible"));
  EXPECT_THAT(causes_behind(words + stack(frame("example.com/m/store.f.func1") +
                                          frame("panic"))),
              ElementsAre("exit_hidden possible"));
  // Testing passes it on, and a deferred function may panic, too.
  EXPECT_THAT(causes_behind(words + stack(frame("testing.tRunner.func1.2") +
                                          frame("panic"))),
              ElementsAre("nil_pointer likely"));
  EXPECT_THAT(causes_behind(
                  "panic: a\n\tpanic: b\n" +
                  stack(frame("example.com/m/store.f.func1") + frame("panic"))),
              ElementsAre("panic_in_goroutine likely"));
}

TEST(LookalikeLogs, AreLessSureOfACrashBehindWhichSomebodySpoke) {
  const std::string dump = "fatal error: concurrent map writes\n" + stack();
  EXPECT_THAT(causes_behind("goos: linux\n" + dump + "exit status 2\n"),
              ElementsAre("concurrent_map certain"));
  EXPECT_THAT(causes_behind(dump + "server: listening again\n"),
              ElementsAre("concurrent_map likely"));
}

TEST(LookalikeLogs, TellAnAbortOfCFromASignalThatAThreadSent) {
  const std::string words =
      "SIGABRT: abort\nPC=0x1 m=0 sigcode=18446744073709551610\n";
  EXPECT_THAT(causes_behind(words + "signal arrived during cgo execution\n" +
                            stack(frame("runtime.cgocall"))),
              ElementsAre("c_abort likely"));
  EXPECT_THAT(causes_behind(words + stack()),
              ElementsAre("fatal_signal_sent likely"));
}

// Before Go 1.21 a fault in C is a fatal error with the code in brackets.
TEST(LookalikeLogs, ReadTheCodeOfASignalInTheWordsOfOldGo) {
  auto signal = [](const std::string& name, const std::string& code) {
    return causes_behind(
        "fatal error: unexpected signal during runtime execution\n[signal " +
        name + " code=" + code + " addr=0x0 pc=0x1]\n" +
        stack(frame("runtime.cgocall")));
  };
  const std::string segv = "SIGSEGV: segmentation violation";
  EXPECT_THAT(signal(segv, "0x1"), ElementsAre("c_fault likely"));
  EXPECT_THAT(signal(segv, "0x80"), ElementsAre("c_protection likely"));
  EXPECT_THAT(signal(segv, "0xfffffffffffffffa"),
              ElementsAre("fatal_signal_sent likely"));
  EXPECT_THAT(causes_behind("panic: runtime error: invalid memory address or "
                            "nil pointer dereference\n[signal SIGSEGV: "
                            "segmentation violation code=0xfffffffffffffffa "
                            "addr=0x1 pc=0x1]\n" +
                            stack()),
              ElementsAre("fatal_signal_sent likely"));
  EXPECT_THAT(signal("SIGBUS: bus error", "0x2"),
              ElementsAre("bus_error likely"));
  EXPECT_THAT(signal("SIGFPE: floating-point exception", "0x1"),
              ElementsAre("c_divide_by_zero likely"));
}

TEST(LookalikeLogs, TellAnInstructionThatIsNoneFromASentSignal) {
  auto ill = [](const std::string& code) {
    return causes_behind("SIGILL: illegal instruction\nPC=0x1 m=0 sigcode=" +
                         code + "\n" + stack(frame("runtime.cgocall")));
  };
  EXPECT_THAT(ill("2"), ElementsAre("c_trap likely"));
  EXPECT_THAT(ill("18446744073709551610"),
              ElementsAre("fatal_signal_sent likely"));
}

TEST(LookalikeLogs, ReadTheCodeOfAFloatingPointException) {
  auto signal = [](const std::string& code) {
    return causes_behind(
        "SIGFPE: floating-point exception\nPC=0x1 m=0 sigcode=" + code +
        " addr=0x1\nsignal arrived during cgo execution\n" +
        stack(frame("runtime.cgocall")));
  };
  EXPECT_THAT(signal("1"), ElementsAre("c_divide_by_zero likely"));
  EXPECT_THAT(signal("7"), ElementsAre("crashed_somehow possible"));
}

// What ends a process stands behind the last word of testing.
TEST(LookalikeLogs, TakeWhatATestPrintedBeforeItsEndForNoEnd) {
  for (const char* line :
       {"*** Test I/O incomplete 1m0s after exiting.",
        "ThreadSanitizer: CHECK failed: x.cpp", "ERROR: AddressSanitizer: x",
        "/x.test: error while loading shared libraries: z: cannot open shared "
        "object file: No such file or directory",
        "runtime/cgo: pthread_create failed: Resource temporarily unavailable",
        "dyld: Library not loaded", "Found 1 data race(s)",
        "faultrig: store.test was OOM-killed: x",
        "fuzzing process hung or terminated unexpectedly"}) {
    std::string text = std::string(line) + "\n";
    EXPECT_THAT(causes_of("=== RUN   TestA\n" + text +
                          "--- PASS: TestA (0.00s)\nPASS\n"
                          "ok  \texample.com/m/store\t0.1s\n"),
                IsEmpty())
        << line;
    EXPECT_THAT(causes_behind("=== RUN   TestA\n" + text +
                              "--- FAIL: TestA (0.00s)\nFAIL\n"),
                ElementsAre("failed_test likely"))
        << line;
  }
}

TEST(LookalikeLogs, BelieveTheWitnessOnlyAtTheEnd) {
  const std::string line =
      "faultrig: store.test was OOM-killed: memory cap 64MiB\n";
  EXPECT_THAT(causes_behind(line + "signal: killed\n"),
              ElementsAre("oom_kill certain"));
  EXPECT_THAT(causes_behind(line + "and on it goes\n"),
              ElementsAre("exit_hidden possible"));
}

TEST(LookalikeLogs, TakeTheLoaderOfAnotherProgramForItsOwn) {
  const std::string words =
      ": error while loading shared libraries: libz.so.1: cannot open shared "
      "object file: No such file or directory\n";
  EXPECT_THAT(causes_behind("/tmp/b001/store.test" + words),
              ElementsAre("missing_library likely"));
  EXPECT_THAT(causes_behind("./server" + words),
              ElementsAre("missing_library possible"));
}

TEST(LookalikeLogs, AskWhoseUsageFollowsAnUnknownFlag) {
  const std::string flag = "flag provided but not defined: -fast\n";
  EXPECT_THAT(causes_behind(flag + "Usage of /tmp/b001/store.test:\n  -x\n"),
              ElementsAre("bad_test_flag likely"));
  EXPECT_THAT(causes_behind(flag + "Usage of ./server:\n  -x\n"),
              ElementsAre("bad_test_flag possible"));
}

TEST(LookalikeLogs, AskWhetherGoIsInTheReportOfAddressSanitizer) {
  const std::string report =
      "==7==ERROR: AddressSanitizer: heap-buffer-overflow\n    #0 0x1 in ";
  EXPECT_THAT(causes_behind(report + "_cgo_3f_Cfunc_f (/tmp/x.test+0x1)\n"),
              ElementsAre("asan_report likely"));
  EXPECT_THAT(causes_behind(report + "main (/usr/bin/server+0x1)\n"),
              ElementsAre("asan_report possible"));
}

// A child's end, printed by who had started it, is go's word to the letter.
TEST(LookalikeLogs, NameWhoElseMayHaveSaidASignal) {
  for (const char* word : {"killed", "terminated", "interrupt", "hangup"}) {
    Explained told = explained(std::string("signal: ") + word +
                               "\nFAIL\texample.com/m/store\t0.1s\n");
    ASSERT_EQ(told.explanations.size(), 1U);
    std::vector<std::string> among;
    for (const Cause* cause : told.explanations[0].among) {
      among.push_back(cause->id);
    }
    EXPECT_THAT(among, ::testing::Contains("os_exit_1")) << word;
  }
}

// A test of a reader of logs.
TEST(LookalikeLogs, TakeTheWordsOfABuildWithinATestForTheTests) {
  const std::string build =
      "# example.com/m/tax\ngo: x@v1: Get \"https://x\": no\n";
  EXPECT_THAT(causes_of("=== RUN   TestA\nok  \tm/a\t0.1s\n" + build +
                        "FAIL\tm/tax [build failed]\n"
                        "{\"Action\":\"fail\",\"Package\":\"m/b\"}\n"
                        "--- PASS: TestA (0.00s)\nPASS\nok  \tm/store\t0.1s\n"),
              IsEmpty());
  EXPECT_THAT(causes_of("got:\n" + build +
                        "--- FAIL: TestA (0.00s)\nFAIL\nFAIL\tm/s\t0.1s\n"),
              ElementsAre("failed_test likely", "proxy_failed possible"));
  EXPECT_THAT(causes_of(build + "FAIL\texample.com/m/tax [build failed]\n"),
              ElementsAre("proxy_failed certain"));
}

// A test that prints the end of another run, and then ends its own process.
TEST(LookalikeLogs, DoubtAGreenResultWithinATestBehindWhichTheRunGoesOn) {
  const std::string begun = "=== RUN   TestA\nok  \tm/other\t0.1s\n";
  EXPECT_THAT(causes_of(begun + "ok  \tm/more\t0.1s\n"),
              ElementsAre("os_exit_256 likely"));
  EXPECT_THAT(causes_of(begun + "--- FAIL: TestB (0.00s)\nFAIL\n"
                                "FAIL\tm/more\t0.1s\nFAIL\n"),
              ElementsAre("os_exit_256 likely", "failed_test likely"));
  EXPECT_THAT(causes_of(begun + "FAIL\nPASS\nFAIL\tm/store\t0.1s\nFAIL\n"),
              ElementsAre("os_exit_256 possible", "exit_after_pass likely"));
}

// The rest of a crash whose first lines are not there: nobody can know that
// there was no panic.
TEST(LookalikeLogs, LeaveOpenWhatTheBeginningOfADumpWouldHaveSaid) {
  const std::string end =
      "faultrig: m/shop.test exited 2\nFAIL\tm/shop\t0.1s\n";
  EXPECT_THAT(causes_of(end), ElementsAre("os_exit_2 certain"));
  EXPECT_THAT(causes_of("main.main()\n\t_testmain.go:45 +0x9b\n" + end),
              ElementsAre("os_exit_2 possible"));
}

TEST(LookalikeLogs, AreReadWithOneBlankForATab) {
  EXPECT_THAT(causes_of("--- FAIL: TestA (0.00s)\nFAIL\n"
                        "FAIL example.com/m/store 0.004s\nFAIL\n"),
              ElementsAre("failed_test likely"));
  EXPECT_THAT(causes_of("FAIL store.TestA 0.004s\n"), IsEmpty());
}

TEST(LookalikeLogs, TellOfAFailedTestOfALogThatIsCut) {
  EXPECT_THAT(causes_of("    a_test.go:3: no\n--- FAIL: TestA (0.00s)\n"
                        "=== RUN   TestB\n--- PASS: TestB (0.00s)\n"),
              ElementsAre("failed_test likely"));
}

TEST(LookalikeLogs, TakeTheWordsOfACiInALogOfATestForTheTests) {
  EXPECT_THAT(causes_of("    ci_test.go:9: got OOMKilled, want exit code 1\n"
                        "    ci_test.go:9: Too long with no output\n"),
              IsEmpty());
}

TEST(LookalikeLogs, KnowHowACiEndsAJob) {
  const std::pair<const char*, const char*> rows[] = {
      {"ERROR: Job failed: canceled", "ci_ended"},
      {"ERROR: Job failed (system failure): pods \"x\" not found", "ci_ended"},
      {"ERROR: Job failed: exit code 143", "ci_ended"},
      {"Error: The command exited with status -1", "ci_ended"},
      {"The job exceeded the maximum log length, and has been terminated.",
       "ci_ended"},
      {"We stopped hearing from agent Azure 7. Verify the agent", "ci_ended"},
      {"ERROR: context canceled", "ci_ended"},
      {"The node was low on resource: memory. Container x", "ci_ended"},
      {"wrapper script does not seem to be touching the log file in /w",
       "ci_ended"},
      {"Finished: ABORTED", "ci_ended"},
      {"The job running on agent A ran longer than the maximum time of 60 "
       "minutes.",
       "ci_timeout"},
      {"TIMEOUT\nERROR: context deadline exceeded", "ci_timeout"},
      {"TaskRun \"unit\" failed to finish within \"1h0m0s\"", "ci_timeout"},
      {"Build execution time has reached the maximum allowed time for your "
       "plan (60 minutes).",
       "ci_timeout"},
      {"The build exceeded the maximum time limit of 120 minutes",
       "ci_timeout"},
      {"[Container] 2026/11/25 10:00:00 Build timed out", "ci_timeout"},
      {"ERROR: build step 1 \"golang\" failed: step exited with non-zero "
       "status: 137",
       "ci_killed"},
      {"Container 'Build' exceeded memory limit.", "ci_killed"},
      {"step-unit has failed : [{\"exitCode\":137,\"reason\":\"OOMKilled\"}]",
       "ci_killed"},
      {"[Container] 2026/11/25 10:00:00 Command did not exit successfully go "
       "test ./... exit status 137",
       "ci_killed"}};
  for (const auto& [line, cause] : rows) {
    std::string id = cause;
    EXPECT_THAT(causes_of("ok  \ta\t0.1s\n" + (line + std::string("\n"))),
                ElementsAre(AnyOf(id + " likely", id + " certain")))
        << line;
  }
}

}  // namespace
}  // namespace faultrig
