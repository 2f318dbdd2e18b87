// What a line seems to show may be older than the run, of another module, or
// only a remark of a test that failed of something else.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/log_days.h"
#include "harness/report/explanation_text.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kKilled =
    "signal: killed\nFAIL\texample.com/m/store\t4.1s\nFAIL\n";
const std::string kOom = "Out of memory: Killed process 4242 (store.test)\n";

TEST(DoubtfulLogs, DoNotTakeAnOldLineOfDmesgForThisRuns) {
  EXPECT_THAT(causes_of(kKilled + "[ 812.123456] " + kOom),
              ElementsAre("oom_kill likely"));
  EXPECT_THAT(causes_of(kKilled + "[ 812.123456] " + kOom +
                        "[ 9812.123456] usb 1-1: new device\n"),
              ElementsAre("oom_kill possible"));
  EXPECT_THAT(causes_of("[ 812.123456] " + kOom + kKilled),
              ElementsAre("oom_kill possible"));
}

TEST(DoubtfulLogs, AskOnWhichDayTheKernelKilled) {
  std::string log;
  for (const char* line :
       {"signal: killed", "FAIL\texample.com/m/store\t4.1s", "FAIL"}) {
    log += "2026-03-04T10:11:12.1234567Z " + std::string(line) + "\n";
  }
  std::string stamp = "2026-03-04T10:11:13.1234567Z ";
  EXPECT_THAT(causes_of(log + stamp + "[Wed Mar  4 12:11:12 2026] " + kOom),
              ElementsAre("oom_kill likely"));
  EXPECT_THAT(causes_of(log + stamp + "[Tue Feb  3 12:11:12 2026] " + kOom),
              ElementsAre("oom_kill possible"));
}

TEST(DoubtfulLogs, KnowTheDayOfAStamp) {
  EXPECT_EQ(day_of("1970-01-02T00:00:00Z x"), 1);
  EXPECT_EQ(day_of("[Fri Jan  2 00:00:00 1970] x"), 1);
  EXPECT_EQ(day_of("2026/13/41 00:00:00 x"), std::nullopt);
  EXPECT_EQ(day_of("[ 12.345678] x"), std::nullopt);
}

// Without -v nothing tells what a test prints from what go says.
const std::string kPrinted =
    "FAIL\tfoo/bar\t0.1s\n"
    "signal: killed\nFAIL\tfoo/baz\t0.2s\nFAIL\n"
    "# foo/x [foo/x.test]\n./x.go:1:2: undefined: y\nFAIL\tfoo/x [build "
    "failed]\n";
const std::string kReal =
    "--- FAIL: TestReport (0.00s)\n    report_test.go:7: got 3, want 4\nFAIL\n"
    "FAIL\texample.com/m/report\t0.1s\nFAIL\n";

TEST(DoubtfulLogs, AreNeverSureOfAPackageOfAnotherModule) {
  EXPECT_THAT(
      causes_by_package(kPrinted + kReal),
      ElementsAre("foo/bar: exit_hidden possible", "foo/baz: sigkill possible",
                  "foo/x: undefined_name possible",
                  "example.com/m/report: failed_test likely"));
}

TEST(DoubtfulLogs, AreAsSureAsBeforeOfPackagesOfOneModule) {
  EXPECT_THAT(causes_by_package(
                  "signal: killed\nFAIL\texample.com/m/a\t0.2s\n" + kReal),
              Contains("example.com/m/a: sigkill likely"));
  EXPECT_THAT(causes_by_package("signal: killed\nFAIL\tnet/http\t0.2s\n"
                                "ok  \tcmd/go\t0.2s\nFAIL\n"),
              ElementsAre("net/http: sigkill likely"));
}

TEST(DoubtfulLogs, TakeTheResultOfItsOwnPackageInEvents) {
  EXPECT_THAT(
      causes_by_package(
          R"({"Action":"start","Package":"m/a"})"
          "\n"
          R"({"Action":"output","Package":"m/a","Output":"signal: killed\n"})"
          "\n"
          R"({"Action":"output","Package":"m/a","Output":"FAIL\tfoo/b\t1s\n"})"
          "\n"),
      Not(Contains(testing::HasSubstr("foo/b"))));
}

std::string failed_test(const std::string& said) {
  return "--- FAIL: TestX (0.00s)\n" + said +
         "FAIL\nFAIL\texample.com/m/store\t0.1s\nFAIL\n";
}

TEST(DoubtfulLogs, TakeARemarkThatATestWentOnBehindForAPossibleReason) {
  std::string refused =
      "    x_test.go:7: dial tcp 127.0.0.1:1: connect: connection refused\n";
  std::string total = "    x_test.go:9: total = 3, want 4\n";
  EXPECT_THAT(causes_of(failed_test(refused)),
              ElementsAre("connection_refused likely"));
  EXPECT_THAT(causes_of(failed_test(refused + total)),
              ElementsAre("connection_refused possible"));
  EXPECT_THAT(causes_of(failed_test(total + refused)),
              ElementsAre("connection_refused likely"));
}

TEST(DoubtfulLogs, TakeAKilledChildFromWhatTheTestSaysAlone) {
  EXPECT_THAT(
      causes_of(failed_test("signal: killed\n    x_test.go:9: total\n")),
      ElementsAre("failed_test likely"));
  EXPECT_THAT(causes_of(failed_test("    x_test.go:9: run: signal: killed\n")),
              ElementsAre("child_killed likely"));
}

std::vector<std::string> causes_behind(const std::string& printed) {
  return causes_of(printed + "FAIL\texample.com/m/store\t0.1s\nFAIL\n");
}

TEST(DoubtfulLogs, AskWhetherTheProcessWentOnBehindItsLastWords) {
  std::string cpu =
      "This program can only be run on AMD64 processors with v3 "
      "microarchitecture support.\n";
  EXPECT_THAT(causes_behind(cpu), ElementsAre("cpu_too_old likely"));
  EXPECT_THAT(causes_behind(cpu + "next row of the table\n"),
              ElementsAre("cpu_too_old possible"));
}

TEST(DoubtfulLogs, WantTheAbortThatDyldEndsWith) {
  EXPECT_THAT(causes_behind("dyld[7]: Library not loaded: x\nsignal: abort "
                            "trap\n"),
              ElementsAre("dyld_refused likely"));
  EXPECT_THAT(causes_behind("dyld: Library not loaded\n"),
              ElementsAre("dyld_refused possible"));
}

// A driver's word on a failure says nothing beside the failure.
TEST(DoubtfulLogs, LeaveOutWhatOnlyPassesAFailureOn) {
  std::string make = "make: *** [Makefile:7: test] Error 1\n";
  EXPECT_THAT(causes_of(kReal + make), ElementsAre("failed_test likely"));
  EXPECT_THAT(causes_of("ok  \tm/a\t0.1s\n" + make),
              ElementsAre("make_2 likely"));
  EXPECT_THAT(causes_of("ok  \tm/a\t0.1s\nError response from daemon: Get "
                        "\"https://x.test/v2/\": timeout\n" +
                        make),
              ElementsAre("docker_failed likely"));
}

TEST(DoubtfulLogs, SeeAPanicBelowTheWordOnATestInASummary) {
  EXPECT_THAT(causes_of("=== Failed\n=== FAIL: shop TestMap (0.00s)\n"
                        "panic: assignment to entry in nil map [recovered, "
                        "repanicked]\n\ngoroutine 19 [running]:\n"
                        "testing.tRunner.func1.2({0x1, 0x2})\n"
                        "\t/go/src/testing/testing.go:9 +0x1\n"
                        "shop.TestMap(0x1)\n\t/m/shop_test.go:7 +0x1\n\n"
                        "DONE 3 tests, 1 failure in 0.006s\n"),
              ElementsAre("nil_map likely"));
  EXPECT_THAT(causes_of("=== Failed\n=== FAIL: shop TestMap (0.00s)\n"
                        "panic: assignment to entry in nil map\n"
                        "    shop_test.go:7: got 1\n\n"
                        "DONE 3 tests, 1 failure in 0.006s\n"),
              ElementsAre("failed_test likely"));
}

TEST(DoubtfulLogs, AskWhetherTheTestLivedOnBehindTheWordsOfACi) {
  std::string ci = "Too long with no output (exceeded 10m0s)\n";
  EXPECT_THAT(causes_of("=== RUN   TestX\n" + ci),
              Contains("ci_silent likely"));
  EXPECT_THAT(causes_of("=== RUN   TestX\n" + ci + "--- PASS: TestX (0.00s)\n"),
              Not(Contains("ci_silent likely")));
  EXPECT_THAT(
      causes_of(R"({"Action":"start","Package":"m/a"})"
                "\n"
                R"({"Action":"output","Package":"m/a","Test":"TestX",)"
                R"("Output":"Too long with no output (exceeded 10m0s)\n"})"
                "\n"),
      IsEmpty());
}

// Its name was cut off.
TEST(DoubtfulLogs, TakeTheWordFailAloneForATestThatPerhapsFailed) {
  EXPECT_THAT(causes_behind("    x_test.go:7: got 1\nFAIL\n"),
              ElementsAre("failed_test possible"));
}

// The rest of the run, and its FAIL, are not there: something ended it.
TEST(DoubtfulLogs, TakeAFailureBehindWhichTheRunEndedForAPossibleOne) {
  EXPECT_THAT(causes_behind("--- FAIL: TestX (0.00s)\n    x_test.go:7: got 1\n"
                            "pipe2: too many open files\n"),
              ElementsAre("failed_test possible"));
  EXPECT_THAT(causes_behind("--- FAIL: TestX (0.00s)\n    x_test.go:7: got 1\n"
                            "signal: killed\n"),
              ElementsAre("sigkill likely"));
}

// A test of a library for tests runs tests of its own.
TEST(DoubtfulLogs, FindNoFaultInWhatAPackageThatPassedHadPrinted) {
  std::string inner =
      "=== RUN   TestSuite\n--- FAIL: TestSuite/Inner (0.00s)\n"
      "    suite_test.go:68: test panicked: oops in setup suite\n";
  EXPECT_THAT(causes_of("=== RUN   TestSuite/Inner\n" + inner +
                        "--- PASS: TestSuite (0.00s)\nPASS\n"
                        "ok  \tm/suite\t0.1s\n"),
              IsEmpty());
}

TEST(DoubtfulLogs, KnowTheWordsInWhichAJobIsEnded) {
  const std::string run = "=== RUN   TestX\n";
  EXPECT_THAT(causes_of(run + "The command \"go test\" exited with 137.\n"),
              ElementsAre("ci_killed likely"));
  EXPECT_THAT(causes_of(run + "command terminated with exit code 137\n"),
              ElementsAre("ci_killed likely"));
  EXPECT_THAT(causes_of(run + "#12 ERROR: process \"/bin/sh -c go test\" did "
                              "not complete successfully: exit code: 137\n"),
              ElementsAre("ci_killed possible"));
  EXPECT_THAT(causes_of(run + "Build was canceled\n"),
              ElementsAre("ci_ended likely"));
  EXPECT_THAT(causes_of(run + "Killed\n"),
              ElementsAre("shell_killed possible"));
  EXPECT_THAT(causes_of(run + "Terminated\n"),
              ElementsAre("ci_ended possible"));
}

// What gcc says first has no number of a line, and what link says a path.
TEST(DoubtfulLogs, GiveToEachPackageWhatItsOwnCCompilerSaid) {
  EXPECT_THAT(
      causes_by_package(
          "# m/err\nerr/a.go: In function 'f':\n"
          "err/a.go:2:23: error: 'x' undeclared\n    2 | // int f(void)\n"
          "# m/lib.test\n/go/pkg/tool/linux_amd64/link: running gcc failed\n"
          "/usr/bin/ld: cannot find -lnone\n\n"
          "ok  \tm/a\t0.1s\nFAIL\tm/lib [build failed]\n"
          "FAIL\tm/err [build failed]\nFAIL\n"),
      ElementsAre("m/lib: link_failed certain",
                  "m/err: c_compile_error "
                  "certain"));
}

TEST(DoubtfulLogs, SayWhatSpeaksForAndAgainstEachWhenAsked) {
  Explained one = explained(failed_test(
      "    x_test.go:7: dial tcp 127.0.0.1:1: connect: connection refused\n"
      "    x_test.go:9: total = 3, want 4\n"));
  std::string all = explained_text(one, "x", true);
  EXPECT_THAT(all,
              testing::HasSubstr("against   the test said more behind it"));
  EXPECT_THAT(all,
              testing::HasSubstr("outranked failed_test (likely, rank 20"));
  EXPECT_THAT(explained_json(one, "x"),
              testing::HasSubstr("\"the test said more behind it\""));
  EXPECT_THAT(explained_text(one, "x"),
              Not(testing::HasSubstr("said more behind it")));
}

// timeout(1) has ended go, or somebody has cut the log.
TEST(DoubtfulLogs, SayThatTheLogEndsWhileATestRuns) {
  EXPECT_THAT(causes_of("=== RUN   TestX\n"),
              ElementsAre("log_stops possible"));
  EXPECT_THAT(causes_of("=== RUN   TestX\n--- PASS: TestX (0.00s)\n"),
              IsEmpty());
}

TEST(DoubtfulLogs, NameTheTestInTheFirstLine) {
  std::string text = explained_text(
      explained("--- FAIL: TestA (0.00s)\n    --- FAIL: TestA/b (0.00s)\n"
                "        a_test.go:7: got 1\nFAIL\nFAIL\tm/a\t0.1s\nFAIL\n"),
      "x");
  EXPECT_TRUE(text.starts_with(
      "m/a: a test failed (failed_test, likely), in TestA/b\n\n"))
      << text;
}

// An event of a test holds what its process printed, and nothing of go's.
TEST(DoubtfulLogs, HearNoGoAndNoMakeInTheEventsOfATest) {
  EXPECT_THAT(causes_of(R"({"Action":"start","Package":"m/a"})"
                        "\n"
                        R"({"Action":"output","Package":"m/a","Test":"TestX",)"
                        R"("Output":"make: *** [test] Error 1\n"})"
                        "\n"),
              IsEmpty());
}

TEST(DoubtfulLogs, NeedNotKnowWhoseBuildItWasWhereAllSayTheSame) {
  std::string same =
      "compile: version \"go1.1\" does not match go tool version "
      "\"go1.2\"\n";
  EXPECT_THAT(causes_of("# math/bits\n" + same + "# internal/race\n" + same +
                        "FAIL\tm/a [build failed]\nFAIL\n"),
              ElementsAre("mixed_go certain"));
  EXPECT_THAT(causes_of("# math/bits\n" + same +
                        "# m/b\nb.go:1:2: undefined: x\n"
                        "FAIL\tm/a [build failed]\nFAIL\n"),
              ElementsAre("mixed_go possible"));
}

// go vet, run by itself, prints its findings with no header in newer releases.
TEST(DoubtfulLogs, KnowAFindingOfVetThatStandsAlone) {
  EXPECT_THAT(causes_of("a/a.go:3:24: fmt.Printf format %d has arg \"x\" of "
                        "wrong type string\n"),
              ElementsAre("vet_failed likely"));
  EXPECT_THAT(causes_of("a/a.go:3:24: a line of a linter\n"), IsEmpty());
}

TEST(DoubtfulLogs, KnowAFolderThatNoModuleCovers) {
  EXPECT_THAT(
      causes_of("# ./...\npattern ./...: directory prefix . does not contain "
                "main module or its selected dependencies\n"
                "FAIL\t./... [setup failed]\nFAIL\n"),
      ElementsAre("no_go_mod likely"));
}

TEST(DoubtfulLogs, HearTheWitnessOfAShellWhoseChildTheKernelKilled) {
  const std::string line =
      "Killed\nfaultrig: sh (store) exited 137 (128 + SIGKILL), last line "
      "'Killed'";
  const std::string end = "\nFAIL\texample.com/m/store\t0.4s\nFAIL\n";
  EXPECT_THAT(causes_of(line +
                        "; the kernel killed processes of it for memory: "
                        "memory cap 64MiB" +
                        end),
              ElementsAre("oom_kill certain"));
  EXPECT_THAT(causes_of(line + end), ElementsAre("exits_like_a_kill possible"));
}

// What a diagnostic quotes, or the source that gcc shows below it, is the
// program's text.
TEST(DoubtfulLogs, DoNotTakeWhatADiagnosticQuotesForItsWord) {
  const std::string kFailed = "FAIL\texample.com/q [build failed]\nFAIL\n";
  auto built = [&](const std::string& lines) {
    return causes_of("# example.com/q\n" + lines + kFailed);
  };
  for (const char* words :
       {"no space left on device", "undefined reference to x",
        "import cycle not allowed", "terminal prompts disabled"}) {
    EXPECT_THAT(built("./q.go:9:9: cannot use \"" + std::string(words) +
                      "\" (untyped string constant) as error value in return "
                      "statement\n"),
                ElementsAre("type_error certain"))
        << words;
    EXPECT_THAT(built("./c.c: In function 'f':\n./c.c:12:5: error: too few "
                      "arguments to function 'die'\n   12 |     die(\"" +
                      std::string(words) + "\");\n      |     ^~~\n"),
                Not(Contains("build_disk_full certain")))
        << words;
    EXPECT_THAT(built("./q.go:5:3: duplicate key \"" + std::string(words) +
                      "\" in map literal\n\t./q.go:4:3: other declaration of "
                      "\"" +
                      std::string(words) + "\"\n"),
                Not(Contains(testing::HasSubstr("build_disk_full"))))
        << words;
  }
  EXPECT_THAT(
      built("/usr/bin/ld: final link failed: No space left on device\n"),
      ElementsAre("build_disk_full certain"));
}

// One form, other mechanisms: a path, a file of gcc's own, a compiler that is
// there and may not run, or was told to end, another program below a heading.
TEST(DoubtfulLogs, NameNoCauseOfABuildByWordsThatFitAnother) {
  const std::string kFailed = "FAIL\texample.com/q [build failed]\nFAIL\n";
  auto built = [&](const std::string& line) {
    return causes_of("# example.com/q\n" + line + "\n" + kFailed);
  };
  for (const char* line :
       {"c.c:1:1: fatal error: opening dependency file .deps/c.d: No such file "
        "or directory",
        "gcc: error trying to exec '/usr/lib/gcc/x86_64-linux-gnu/12/cc1': "
        "execv: Permission denied",
        "gcc: fatal error: Terminated signal terminated program cc1"}) {
    EXPECT_THAT(built(line), ElementsAre("not_built likely")) << line;
  }
  EXPECT_THAT(built("c.c:1:10: fatal error: a.h: No such file or directory"),
              ElementsAre("c_header_missing certain"));
  EXPECT_THAT(built("gcc: fatal error: Segmentation fault signal terminated "
                    "program cc1"),
              ElementsAre("c_compiler_crashed certain"));
  EXPECT_THAT(causes_of("a.go:4:2: invalid github.com import path "
                        "\"github.com/foo\"\nFAIL\texample.com/q [setup "
                        "failed]\nFAIL\n"),
              Not(Contains("syntax_error certain")));
  EXPECT_THAT(causes_of("ok  \texample.com/q\t0.1s\n# deploy/prod\n"
                        "terraform: signal: killed\n"),
              Not(Contains(testing::HasSubstr("compiler_killed"))));
}

}  // namespace
}  // namespace faultrig
