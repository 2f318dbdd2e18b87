// Logs and what is made of them: pairs that look alike and are not.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "harness/report/explanation_text.h"
#include "tests/unit/explained_log.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Of a package that failed, and printed this.
std::vector<std::string> causes_behind(const std::string& printed) {
  return causes_of(printed + "FAIL\texample.com/m/store\t0.1s\nFAIL\n");
}

std::string dump_of(const std::string& headline, const std::string& frames) {
  return headline + "\n\ngoroutine 7 [running]:\n" + frames;
}

const std::string kTestFrames =
    "example.com/m/store.TestX(0x1)\n\t/m/store_test.go:7 +0x1\n"
    "testing.tRunner(0x1, 0x2)\n\t/go/src/testing/testing.go:9 +0x1\n";
const std::string kMainFrames = "main.main()\n\t/m/prog/main.go:7 +0x1\n";

TEST(ExplainedLogs, TakesALineThatATestPrintedForNoWordOfGo) {
  EXPECT_THAT(causes_behind("exit status 3\n"),
              ElementsAre("os_exit_n likely"));
  for (const char* line :
       {"child: exit status 3\n", "x\nexit status 127\n", "my signal: killed\n",
        "adb shell: exit status 1\n"}) {
    EXPECT_THAT(causes_behind(line), ElementsAre("exit_hidden possible"))
        << line;
  }
  EXPECT_THAT(causes_behind("2026/01/02 10:00:00 exit status 127\n"),
              ElementsAre("log_fatal possible"));
}

TEST(ExplainedLogs, NamesAnExitStatusThatTwoMayHaveOnlyAsPossible) {
  EXPECT_THAT(causes_behind("exit status 1\n"),
              ElementsAre("os_exit_1 possible"));
  EXPECT_THAT(causes_behind("exit status 137\n"),
              ElementsAre("exits_like_a_kill possible"));
  Explained one = explained("exit status 1\nFAIL\ta\t0.1s\n");
  ASSERT_EQ(one.explanations[0].among.size(), 1U);
  EXPECT_EQ(one.explanations[0].among[0]->id, "exec_ended");
}

TEST(ExplainedLogs, DoesNotKnowWhoMissedAProgram) {
  EXPECT_THAT(
      causes_behind("exec: \"tool-x\": executable file not found in $PATH\n"),
      ElementsAre("program_not_found possible"));
}

TEST(ExplainedLogs, DoesNotKnowWhoMissedAFile) {
  const std::string missing = "fork/exec /opt/x: no such file or directory\n";
  EXPECT_THAT(causes_behind(missing), ElementsAre("exec_missing possible"));
  EXPECT_THAT(causes_behind("=== RUN   TestX\n" + missing),
              ElementsAre("exit_hidden possible"));
  EXPECT_THAT(causes_behind("fork/exec /tmp/b001/store.test: permission "
                            "denied\n"),
              ElementsAre("exec_denied likely"));
}

TEST(ExplainedLogs, TellsTheCrashOfAChildFromThatOfTheTest) {
  const std::string headline =
      "panic: runtime error: invalid memory address or nil pointer "
      "dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 "
      "pc=0x5]";
  EXPECT_THAT(causes_behind(dump_of(headline, kTestFrames)),
              ElementsAre("nil_pointer likely"));
  EXPECT_THAT(causes_behind(dump_of(headline, kMainFrames)),
              ElementsAre("child_crashed likely"));
  EXPECT_THAT(causes_of("=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\n" +
                        dump_of(headline, kMainFrames) +
                        "ok  \texample.com/m/store\t0.1s\n"),
              IsEmpty());
  EXPECT_THAT(causes_of("=== RUN   TestA\n" + dump_of(headline, kTestFrames) +
                        "ok  \texample.com/m/store\t0.1s\n"),
              ElementsAre("exec_swallows possible"));
}

TEST(ExplainedLogs, TellsTheCrashOfTheCompilerFromThatOfTheTest) {
  const std::string dump =
      dump_of("SIGSEGV: segmentation violation\nPC=0x41 m=0 sigcode=0",
              "cmd/compile/internal/ssa.init.0()\n\tcmd/compile/a.go:1 +0x1\n");
  EXPECT_THAT(causes_of("# example.com/m/store\n" + dump +
                        "FAIL\texample.com/m/store [build failed]\nFAIL\n"),
              ElementsAre("compiler_crashed certain"));
  EXPECT_THAT(causes_of("# example.com/m/other\n" + dump +
                        "exit status 3\nFAIL\texample.com/m/store\t1s\n"),
              ElementsAre("os_exit_n possible"));
}

TEST(ExplainedLogs, PutsTheEndAboveARaceReport) {
  const std::string report =
      "==================\nWARNING: DATA RACE\nRead at 0x1 by goroutine 8:\n"
      "  example.com/m/store.TestX()\n      /m/store_test.go:4 +0x30\n"
      "  testing.tRunner()\n      /go/src/testing/testing.go:9 +0x1\n"
      "==================\n";
  EXPECT_THAT(causes_behind(report + dump_of("fatal error: concurrent map "
                                             "writes",
                                             kTestFrames)),
              ElementsAre("concurrent_map likely"));
  EXPECT_THAT(causes_behind(report), ElementsAre("race_in_test likely"));
  EXPECT_THAT(causes_behind("==================\nWARNING: DATA RACE\n"
                            "Read at 0x1 by goroutine 8:\n"
                            "  example.com/m/store.f()\n      /m/s.go:4 +0x3\n"
                            "==================\n"),
              ElementsAre("race_halted possible"));
}

TEST(ExplainedLogs, ReadsTheReasonOfASignal) {
  auto signal = [](const std::string& words, const std::string& frames) {
    return causes_behind(dump_of(words, frames));
  };
  const std::string c_call =
      "runtime.cgocall(0x1, 0x2)\n\t/go/src/runtime/cgocall.go:1 +0x1\n" +
      kTestFrames;
  const std::string in_c = "\nsignal arrived during cgo execution";
  EXPECT_THAT(signal("SIGSEGV: segmentation violation\nPC=0x5 m=0 sigcode=1 "
                     "addr=0x0" +
                         in_c,
                     c_call),
              ElementsAre("c_fault likely"));
  EXPECT_THAT(signal("SIGSEGV: segmentation violation\nPC=0x5 m=0 sigcode=128 "
                     "addr=0x0" +
                         in_c,
                     c_call),
              ElementsAre("c_protection likely"));
  EXPECT_THAT(signal("SIGTRAP: trace trap\nPC=0x5 m=0 sigcode=128",
                     "runtime.breakpoint()\n\t/go/a.s:1 +0x1\n" + kTestFrames),
              ElementsAre("breakpoint likely"));
  EXPECT_THAT(signal("SIGTRAP: trace trap\nPC=0x5 m=0 sigcode=0", kTestFrames),
              ElementsAre("fatal_signal_sent likely"));
}

TEST(ExplainedLogs, ReadsTheErrorOfTheLoader) {
  const std::string line =
      "/tmp/b001/x.test: error while loading shared libraries: libz.so.1: ";
  EXPECT_THAT(causes_behind(line + "cannot open shared object file: No such "
                                   "file or directory\n"),
              ElementsAre("missing_library likely"));
  for (const char* reason :
       {"cannot open shared object file: Permission denied\n",
        "cannot open shared object file: Error 24\n", "invalid ELF header\n",
        "cannot stat shared object: Permission denied\n"}) {
    EXPECT_THAT(causes_behind(line + reason),
                ElementsAre("library_refused likely"))
        << reason;
  }
}

TEST(ExplainedLogs, KnowsAnInitFunctionFromAMethodOfThatName) {
  auto panics = [](const std::string& frame) {
    return causes_behind(
        dump_of("panic: no config", frame + "(...)\n\t/m/store.go:7 +0x1\n"));
  };
  EXPECT_THAT(panics("example.com/m/store.init.0"),
              ElementsAre("panic_in_init likely"));
  EXPECT_THAT(panics("example.com/m/store.(*server).init"),
              ElementsAre("panic_in_goroutine likely"));
  EXPECT_THAT(panics("example.com/m/store.server.init"),
              ElementsAre("panic_in_goroutine likely"));
}

TEST(ExplainedLogs, TakesNoLineOfDockerForGos) {
  EXPECT_THAT(causes_of("ok  \ta\t0.1s\nError response from daemon: Get "
                        "\"https://registry.example.com/v2/\": net/http: "
                        "request canceled\n"),
              ElementsAre("docker_failed likely"));
  EXPECT_THAT(causes_of("ok  \ta\t0.1s\nwrite /var/lib/docker/tmp/x: no space "
                        "left on device\n"),
              IsEmpty());
}

TEST(ExplainedLogs, TellsOneReasonOfTheLinkerFromAnother) {
  auto links = [](const std::string& words) {
    return causes_of("# a.test\n/go/link: running gcc failed: exit status 1\n" +
                     words +
                     "collect2: error: ld returned 1 exit status\n\n"
                     "FAIL\ta [build failed]\nFAIL\n");
  };
  EXPECT_THAT(links("/usr/bin/ld: x.o: undefined reference to `f'\n"),
              ElementsAre("link_failed certain"));
  EXPECT_THAT(links("/m/y.c:1: multiple definition of `f'\n"),
              ElementsAre("symbol_twice certain"));
  EXPECT_THAT(
      links("/usr/bin/ld: final link failed: No space left on device\n"),
      ElementsAre("build_disk_full certain"));
  EXPECT_THAT(links("/usr/bin/ld: unrecognized option '--nowhere'\n"),
              ElementsAre("not_built likely"));
}

// A passing test logs what another one fails of (-v), and the reverse.
TEST(ExplainedLogs, TakesWhatAPassingTestLoggedForNoCause) {
  auto log = [](const std::string& passing, const std::string& failing) {
    return "=== RUN   TestA\n    a_test.go:3: " + passing +
           "\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n    a_test.go:9: " +
           failing + "\n--- FAIL: TestB (0.00s)\nFAIL\nFAIL\ta\t0.1s\nFAIL\n";
  };
  for (const char* words :
       {"read x: input/output error", "tool: signal: killed",
        "read tcp: connection reset by peer", "open x: too many open files"}) {
    EXPECT_THAT(causes_of(log(words, "want 1, got 2")),
                ElementsAre("failed_test likely"))
        << words;
    EXPECT_THAT(causes_in(explained(log("fine", words))).at(0),
                ::testing::HasSubstr(" likely"))
        << words;
  }
}

TEST(ExplainedLogs, BelievesALineOfOurWitness) {
  EXPECT_THAT(causes_behind("faultrig: store.test was OOM-killed: memory cap "
                            "64MiB of its cgroup\nsignal: killed\n"),
              ElementsAre("oom_kill certain"));
  EXPECT_THAT(
      causes_behind("faultrig: m/store.test was killed by SIGKILL, by whom is "
                    "unknown; not for memory: its cgroup counted no OOM kill\n"
                    "signal: killed\n"),
      ElementsAre("killed_from_outside likely"));
  EXPECT_THAT(causes_behind("hello\nfaultrig: store.test exited 9, last line "
                            "'hello'\n"),
              ElementsAre("os_exit_n likely"));
  EXPECT_THAT(causes_behind("hello\nfaultrig: store.test exited 137\n"),
              ElementsAre("exits_like_a_kill certain"));
  // Of another binary's, and of a test that goes on.
  EXPECT_THAT(causes_behind("faultrig: store.test was OOM-killed: x\n"
                            "--- FAIL: TestX (0.00s)\n    x.go:1: no\nFAIL\n"),
              ElementsAre("failed_test likely"));
  EXPECT_THAT(causes_behind("faultrig: other.test exited 9\n"),
              ElementsAre("exit_hidden possible"));
}

TEST(ExplainedLogs, FindsTheKernelsLineOnAKill) {
  const std::string dmesg =
      "[ 81.4] oom-kill:constraint=CONSTRAINT_MEMCG,task=store.test,pid=17\n";
  const std::string killed = "signal: killed\nFAIL\texample.com/m/store\t4s\n";
  EXPECT_THAT(causes_of(killed + dmesg), ElementsAre("oom_kill likely"));
  EXPECT_THAT(causes_of(dmesg + killed), ElementsAre("oom_kill possible"));
  EXPECT_THAT(causes_of(killed + "[ 81.4] oom-kill:task=other.test,pid=17\n"),
              ElementsAre("sigkill likely"));
}

TEST(ExplainedLogs, SaysWhatTheCiDid) {
  EXPECT_THAT(causes_of("ok  \ta\t0.1s\nError: The operation was canceled.\n"),
              ElementsAre("ci_ended likely"));
  EXPECT_THAT(causes_of("ok  \ta\t0.1s\nToo long with no output (exceeded "
                        "10m0s): context deadline exceeded\n"),
              ElementsAre("ci_silent likely"));
  EXPECT_THAT(
      causes_of("ok  \ta\t0.1s\nError: Process completed with exit code 1.\n"),
      IsEmpty());
}

TEST(ExplainedLogs, CallsALogCleanOnlyIfItWasUnderstood) {
  auto text = [](const std::string& log) {
    return explained_text(explained(log), "build.log");
  };
  EXPECT_THAT(text("ok  \ta\t0.1s\n"),
              ::testing::HasSubstr("nothing that needs an explanation"));
  EXPECT_THAT(text(""), ::testing::HasSubstr("0 lines read, and none"));
  EXPECT_THAT(text("Compiling...\nE: broken\n"),
              ::testing::HasSubstr("2 lines read, and none that is known"));
  std::string other = text(
      "ok  \ta\t0.1s\nmake: *** [Makefile:9: lint] Error 1"
      "\nError: Process completed with exit code 2.\n");
  EXPECT_EQ(other.find("nothing that needs"), std::string::npos) << other;
}

TEST(ExplainedLogs, BeginsWithTheAnswerAndKeepsWhatWasOutranked) {
  Explained two =
      explained("FAIL\ta\t0.1s\nsignal: killed\nFAIL\tb\t0.1s\nFAIL\n");
  EXPECT_THAT(explained_text(two, "x"),
              ::testing::StartsWith("b: the test binary was killed"));
  EXPECT_EQ(explained_text(two, "x").find("outranked"), std::string::npos);
  EXPECT_THAT(explained_text(two, "x", true),
              ::testing::HasSubstr("outranked exit_shown (possible"));
}

TEST(ExplainedCodes, AreTakenAsPeopleMeetThem) {
  const std::pair<const char*, std::int64_t> rows[] = {
      {"255", 255},
      {"-1", 255},
      {"SIGKILL", 137},
      {"256", 0},
      {"-11", 245},
      {"0x8b", 139},
      {"0xc0000005", 3221225477},
      {"3221225477", 3221225477},
      {"-1073741819", 3221225477}};
  for (const auto& [text, code] : rows) {
    auto asked = asked_code(text);
    ASSERT_TRUE(asked) << text;
    EXPECT_EQ(asked->code, code) << text;
  }
  for (const char* text : {"", "x", "SIGNOTHING", "1.5", "99999999999", "0x"}) {
    EXPECT_FALSE(asked_code(text)) << text;
  }
}

TEST(ExplainedCodes, AreFoundInTheRangesOfCauses) {
  auto ids = [](std::int64_t code) {
    std::vector<std::string> out;
    for (const Showing& one : showings_of(code, all_causes())) {
      out.push_back(one.cause->id);
    }
    return out;
  };
  for (std::int64_t code : {3, 9, 99, 125, 200, 247}) {
    EXPECT_THAT(ids(code), ::testing::Contains("os_exit_n")) << code;
  }
  EXPECT_THAT(ids(137), ::testing::Contains("exits_like_a_kill"));
  EXPECT_THAT(asked_code("-9")->note,
              ::testing::HasSubstr("a child that SIGKILL ended"));
}

// Evidence of a go test of two packages, the first of which is good.
TEST(ExplainedEvidence, SaysOfNoPackageThatAnotherOnesFailureInterruptedIt) {
  TraceBuilder trace;
  trace.exited("test", 0, "a.test").exited("test", 1, "b.test");
  trace.exited("go", 1);
  trace.parts.out =
      "ok  \tm/a\t0.1s\n--- FAIL: TestX (0.00s)\n    x_test.go:3: no\nFAIL\n"
      "FAIL\tm/b\t0.1s\nFAIL\n";
  EXPECT_THAT(causes_in(explainer().explain(trace.evidence())),
              ElementsAre("failed_test certain"));
}

TEST(ExplainedEvidence, KnowsAnyCodeThatAWitnessSaw) {
  const std::pair<int, const char*> rows[] = {
      {3, "os_exit_n likely"},
      {9, "os_exit_n likely"},
      {137, "exits_like_a_kill likely"},
      {143, "exits_like_a_kill likely"},
      {127, "exits_like_a_shell likely"},
      {200, "os_exit_n likely"}};
  for (const auto& [code, wanted] : rows) {
    TraceBuilder trace;
    trace.exited("test", code, "store.test");
    trace.parts.out = "hello\n";
    EXPECT_THAT(causes_in(explainer().explain(trace.evidence())),
                ElementsAre(wanted));
  }
}

TEST(ExplainedEvidence, ReadsTheMarksOfJsonInWhatAWitnessKept) {
  TraceBuilder trace;
  trace.exited("test", 1, "store.test");
  trace.parts.out =
      "\x16=== RUN   TestX\n    x_test.go:3: no\n\x16--- FAIL: TestX (0.00s)\n"
      "half\x16"
      "FAIL\n";
  EXPECT_THAT(causes_in(explainer().explain(trace.evidence())),
              ElementsAre("failed_test certain"));
}

// Its witness names the kernel: nobody outside is known to have done it.
TEST(ExplainedLogs, DoNotBlameSomebodyForALimitOfTheProcessor) {
  EXPECT_THAT(
      causes_of("faultrig: m/cpu.test was killed by SIGKILL, likely from the "
                "kernel: 1.0 s of CPU time, hard RLIMIT_CPU 1 s\n"
                "signal: killed\nFAIL\tm/cpu\t1.253s\nFAIL\n"),
      testing::ElementsAre("sigkill likely"));
}

}  // namespace
}  // namespace faultrig
