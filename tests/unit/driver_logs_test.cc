// Logs in which go says nothing itself: bazel, TeamCity, ginkgo, go vet.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const std::string kRule(80, '=');
const std::string kShown =
    "==================== Test output for //cart:cart_test:\n"
    "exec ${PAGER:-/usr/bin/less} \"$0\" || exit 1\n"
    "Executing tests from //cart:cart_test\n"
    "----------------------------------------------------------------------\n";
const std::string kPanic =
    "panic: assignment to entry in nil map\n\ngoroutine 7 [running]:\n"
    "m/cart.TestA(0x1)\n\t/m/cart_test.go:7 +0x1\n";

TEST(BazelLogs, AreReadByTheOutputThatBazelShows) {
  EXPECT_THAT(
      causes_by_package("INFO: Analyzed 3 targets\n" + kShown +
                        "--- FAIL: TestA (0.00s)\n    a_test.go:5: no\nFAIL\n" +
                        kRule +
                        "\n//cart:cart_test    FAILED in 0.3s\n"
                        "//tax:tax_test   (cached) PASSED in 0.1s\n"),
      ElementsAre("//cart:cart_test: failed_test likely"));
  EXPECT_THAT(causes_by_package("FAIL: //cart:cart_test (see /x/test.log)\n" +
                                kShown + kPanic + kRule + "\n"),
              ElementsAre("//cart:cart_test: nil_map likely"));
  EXPECT_THAT(causes_by_package(kShown + "PASS\n" + kRule + "\n"), IsEmpty());
}

TEST(BazelLogs, AreNamedByTheirSummaryWhereNothingElseIsLeft) {
  EXPECT_THAT(
      causes_by_package(
          "//cart:cart_test                  FAILED in 0.3s\n"
          "  /x/testlogs/cart/cart_test/test.log\n"
          "//slow:slow_test          TIMEOUT in 60.1s\n"
          "//fine:fine_test                 PASSED in 0.1s\n"
          "//flaky:flaky_test   FLAKY, failed in 1 out of 2 in 0.5s\n"
          "Executed 4 out of 4 tests: 1 test passes and 2 fail "
          "locally.\n"),
      UnorderedElementsAre("//cart:cart_test: bazel_failed possible",
                           "//slow:slow_test: bazel_timeout likely",
                           "//flaky:flaky_test: passed_on_retry likely"));
  EXPECT_THAT(causes_by_package("//a:a_test   FAILED TO BUILD\n"),
              ElementsAre("//a:a_test:"));
}

TEST(BazelLogs, AreNotSeenInWhatATestPrints) {
  EXPECT_THAT(
      causes_by_package("=== RUN   TestA\n//cart:cart_test   FAILED in 1s\n" +
                        kShown +
                        "--- PASS: TestA (0.00s)\nPASS\n"
                        "ok  \tm/a\t0.1s\n"),
      IsEmpty());
  EXPECT_THAT(
      causes_by_package(kShown + "--- FAIL: TestA (0.00s)\nFAIL\n"
                                 "ok  \tm/a\t0.1s\n--- FAIL: TestB (0.00s)\n"
                                 "FAIL\nFAIL\tm/b\t0.1s\n"),
      ElementsAre("m/b: failed_test likely",
                  "//cart:cart_test: failed_test likely"));
}

TEST(TeamcityLogs, AreReadAsWhatGoSaid) {
  const std::string begin =
      "##teamcity[testSuiteStarted name='m/cart']\n"
      "##teamcity[testStarted name='TestA' captureStandardOutput='true']\n";
  const std::string end =
      "##teamcity[testFinished name='TestA' duration='1']\n"
      "##teamcity[testSuiteFinished name='m/cart']\n";
  EXPECT_THAT(causes_by_package(begin + end), IsEmpty());
  EXPECT_THAT(causes_by_package(
                  begin +
                  "##teamcity[testFailed name='TestA' message='' details='    "
                  "a_test.go:3: open x: no such file or directory|n']\n" +
                  end),
              ElementsAre("m/cart: file_missing likely"));
  EXPECT_THAT(
      causes_by_package("10:00:01   ##teamcity[message text='hello']\n" +
                        begin + end),
      IsEmpty());
  EXPECT_THAT(
      causes_by_package(begin +
                        "##teamcity[testStdOut name='TestA' out='say |'a|' "
                        "|[1|]|n']\n##teamcity[testFailed name='TestA' "
                        "details='panic: assignment to entry in nil map "
                        "|[recovered|]|n']\n" +
                        end),
      ElementsAre("m/cart: failed_test likely"));
}

TEST(GinkgoLogs, TellABuildThatFailedFromSpecsThatDid) {
  EXPECT_THAT(causes_by_package(
                  "Failed to compile build:\n\n# m/b_test [m/b.test]\n"
                  "./a_test.go:3:31: undefined: foo\n\n\nGinkgo ran 1 suite in "
                  "1s\n\nTest Suite Failed\n"),
              ElementsAre(": undefined_name certain"));
  EXPECT_THAT(
      causes_by_package("Ran 1 of 1 Specs in 0.1 seconds\nFAIL! -- 0 Passed | "
                        "1 Failed\n--- FAIL: TestCart (0.00s)\nFAIL\n\nGinkgo "
                        "ran 1 suite in 1s\n\nTest Suite Failed\n"),
      ElementsAre(": ginkgo_failed likely"));
}

// A prefix is learnt from the words of drivers, too, where go is silent.
TEST(DriverLogs, AreReadBehindWhatACiPutBeforeTheirLines) {
  const std::string summary =
      "✖  cart (3ms)\n\n=== Failed\n=== FAIL: cart TestA (0.00s)\n"
      "    a_test.go:3: no\n\nDONE 1 tests, 1 failure in 0.1s\n";
  const std::string bazel =
      kShown + "--- FAIL: TestA (0.00s)\nFAIL\n" + kRule + "\n";
  const std::string build =
      "# m/b_test [m/b.test]\n./a_test.go:3:31: undefined: foo\n";
  for (const char* prefix : {"unit-1  | ", "Step #3 - \"unit\": ", "[unit] "}) {
    auto behind = [&](const std::string& text) {
      std::string out;
      for (std::string_view line : lines_of(text)) {
        out += prefix + std::string(line) + "\n";
      }
      return causes_by_package(out);
    };
    EXPECT_THAT(behind(summary), ElementsAre("cart: failed_test likely"));
    EXPECT_THAT(behind(bazel),
                ElementsAre("//cart:cart_test: failed_test likely"));
    EXPECT_THAT(behind(build), ElementsAre(": undefined_name certain"));
  }
  EXPECT_THAT(
      causes_by_package("\r--- FAIL: TestA (0.00s)\r\n10%\r90%\rFAIL\r\n"
                        "\rFAIL\tm/cart\t0.1s\r\n"),
      ElementsAre("m/cart: failed_test likely"));
}

TEST(DriverLogs, TellTheNumberOfALineFromThatOfAName) {
  EXPECT_THAT(causes_by_package("[unit:L0:0s] --- FAIL: TestA (0.00s)\n"
                                "[unit:L1:0s]     a_test.go:3: no\n"
                                "[unit:L2:1s] FAIL\n"
                                "[unit:L3:1s] FAIL\tm/cart\t0.1s\n"),
              ElementsAre("m/cart: failed_test likely"));
}

// Without modules (GO111MODULE=off) go looks in GOROOT and GOPATH.
TEST(BuildLogs, KnowAModuleThatCouldNotBeFetched) {
  EXPECT_THAT(
      causes_by_package("go: finding module for package a.org/x\nmodule "
                        "a.org/x: Get \"https://proxy/x\": dial tcp: no\n"),
      ElementsAre(": proxy_failed likely"));
}

TEST(BuildLogs, TellAMissingDependencyFromAMissingFolder) {
  EXPECT_THAT(
      causes_by_package("x_test.go:27:2: cannot find package \"a.org/b\" in "
                        "any of:\n\t/go/src/a.org/b (from $GOROOT)\n"
                        "FAIL\tm/x [setup failed]\n"),
      ElementsAre("m/x: no_requirement certain"));
  EXPECT_THAT(
      causes_by_package("# m/x\nx_test.go:1:2: cannot find package \".\" in:"
                        "\n\t/src/b\nFAIL\tm/x [setup failed]\n"),
      ElementsAre("m/x: no_such_folder certain"));
  for (const char* line :
       {"x_test.go:1:2: cannot find package \".\" in:\n\t/src/vendor/a.org/b",
        "x_test.go:1:2: cannot find module providing package a.org/b: import "
        "lookup disabled by -mod=vendor"}) {
    EXPECT_THAT(causes_by_package(std::string("# m/x\n") + line +
                                  "\nFAIL\tm/x [setup failed]\n"),
                ElementsAre("m/x: not_vendored certain"));
  }
}

TEST(VetLogs, AreReadWithoutALineOnAPackage) {
  EXPECT_THAT(
      causes_by_package("# m/cart\n# [m/cart]\ncart/a.go:7:2: fmt.Printf "
                        "format %d has arg \"x\" of wrong type string\n"),
      ElementsAre(": vet_failed certain"));
}

TEST(CommandEvidence, TellsOfThePackagesInIt) {
  TraceBuilder trace;
  trace.exited("command", 2, "make");
  trace.parts.out =
      "go test ./...\n--- FAIL: TestA (0.00s)\n    a_test.go:3: no\nFAIL\n"
      "FAIL\tm/cart\t0.1s\nok  \tm/tax\t0.1s\nFAIL\n";
  trace.parts.err = "make: *** [Makefile:2: test] Error 1\n";
  std::vector<std::string> told;
  for (const Explanation& one :
       explainer().explain(trace.evidence()).explanations) {
    told.push_back(one.package + ": " + one.causes.at(0).cause->id);
  }
  EXPECT_THAT(told, ElementsAre("make: make_2", "m/cart: failed_test"));
}

}  // namespace
}  // namespace faultrig
