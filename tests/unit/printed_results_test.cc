// Without -v a test that shows another go test prints what go prints. Each log
// here is what go really wrote when a test did that, without times.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const std::string kInner =
    "--- FAIL: TestX (0.00s)\n    b_test.go:5: boom: got 1\nFAIL\n";
const std::string kPanic =
    "--- FAIL: TestX (0.00s)\n"
    "panic: runtime error: invalid memory address or nil pointer dereference "
    "[recovered, repanicked]\n[signal SIGSEGV: segmentation violation code=0x1 "
    "addr=0x0 pc=0x1]\n\ngoroutine 7 [running]:\n"
    "example.com/m/bad.TestX(0x1)\n\t/src/bad/b_test.go:6 +0x6c\n"
    "testing.tRunner(0x1, 0x2)\n\t/go/src/testing/testing.go:2036 +0xea\n";
const std::string kOuter =
    "--- FAIL: TestReport (0.00s)\n    report_test.go:24: got 2, want 3\nFAIL\n"
    "FAIL\tgithub.com/acme/shop/report\t0.1s\nFAIL\n";

// How go ends what it tells of a package: of several, or of the one here.
std::string result(const std::string& package, const std::string& status = "") {
  std::string last = status.empty() ? "FAIL\n" : "";
  return status + "FAIL\t" + package + "\t0.1s\n" + last;
}

std::string stamped(const std::string& stamp, const std::string& lines) {
  std::string out;
  for (std::size_t at = 0; at < lines.size();) {
    std::size_t end = lines.find('\n', at) + 1;
    out += stamp + lines.substr(at, end - at);
    at = end;
  }
  return out;
}

TEST(PrintedResults, OfAnotherModuleOfTheSameHostArePossibleAtMost) {
  for (const char* other : {"github.com/acme/other/bad", "github.com/x/other",
                            "shop/bad", "net/http"}) {
    for (const std::string& inner :
         {kInner + result(other), kInner + result(other, "exit status 1\n"),
          kPanic + result(other, "exit status 2\n"),
          kInner + "FAIL\t" + other + "\t0.1s\nok  \t" + other + "2\t0.1s\n",
          "signal: killed\n" + result(other)}) {
      auto causes = causes_by_package(
          "ok  \tgithub.com/acme/shop/cart\t0.1s\n" + inner + kOuter);
      EXPECT_THAT(causes,
                  ElementsAre(AllOf(HasSubstr(other), HasSubstr(" possible")),
                              HasSubstr("report: failed_test likely")))
          << inner;
    }
  }
}

// go's last word stands between them, and nobody says that it was run again.
TEST(PrintedResults, OfItsOwnModuleArePossibleBehindTheEndOfARun) {
  const std::string bad = "github.com/acme/shop/bad";
  for (const std::string& inner :
       {kInner + result(bad), kPanic + result(bad, "exit status 2\n"),
        kInner + result(bad, "exit status 1\n")}) {
    EXPECT_THAT(causes_by_package(inner + "3 found\n" + kOuter),
                Contains(AllOf(HasSubstr("bad: "), HasSubstr(" possible"))))
        << inner;
    for (const char* begins :
         {"+ go test ./...\n", "$ go test ./report\n", "##[group]Run make\n",
          "make[1]: Entering directory '/src/report'\n",
          "go test -count=1 ./report\n", "attempt 2 of 3\n"}) {
      EXPECT_THAT(causes_by_package(inner + begins + kOuter),
                  Contains(AllOf(HasSubstr("bad: "), HasSubstr(" likely"))))
          << begins << inner;
    }
  }
}

TEST(PrintedResults, AreDoubtedOfEachLevel) {
  std::string middle =
      "--- FAIL: TestMiddle (0.00s)\n    m_test.go:9: got 1\nFAIL\n";
  EXPECT_THAT(
      causes_by_package(kInner + result("github.com/acme/shop/bad") + middle +
                        result("github.com/acme/shop/middle") + kOuter),
      ElementsAre("github.com/acme/shop/bad: failed_test possible",
                  "github.com/acme/shop/middle: failed_test possible",
                  "github.com/acme/shop/report: failed_test likely"));
}

// A test shows what docker compose printed of two containers.
TEST(PrintedResults, OfSeveralWritersArePossibleAmongLinesWithoutAPrefix) {
  std::string writers =
      stamped("tests-1  | ", kPanic + result("github.com/acme/shop/bad")) +
      stamped("web-1  | ", kInner + result("github.com/acme/shop/web"));
  EXPECT_THAT(causes_by_package("ok  \tgithub.com/acme/shop/cart\t0.1s\n" +
                                writers + kOuter),
              ElementsAre("github.com/acme/shop/bad: nil_pointer possible",
                          "github.com/acme/shop/web: failed_test possible",
                          "github.com/acme/shop/report: failed_test likely"));
  EXPECT_THAT(causes_by_package(writers),
              AllOf(SizeIs(2), Not(Contains(HasSubstr("possible")))));
}

// Two packages of one run, and of a workspace of two modules.
TEST(PrintedResults, AreNoneWhereOneRunTellsOfSeveralPackages) {
  std::string first = kInner + "FAIL\tgithub.com/acme/shop/bad\t0.1s\n";
  EXPECT_THAT(causes_by_package(first + kOuter),
              ElementsAre("github.com/acme/shop/bad: failed_test likely",
                          "github.com/acme/shop/report: failed_test likely"));
  std::string last =
      "--- FAIL: TestReport (0.00s)\n    report_test.go:24: got 2\nFAIL\n"
      "FAIL\ttailscale.com/report\t0.1s\nok  \ttailscale.com/util\t0.1s\n";
  EXPECT_THAT(causes_by_package(kInner + "FAIL\ttailscale.com/bad\t0.1s\n" +
                                last + "FAIL\n"),
              Contains("tailscale.com/bad: failed_test likely"));
}

// Benchmarks are streamed, whatever was named: the exit status stands there.
TEST(PrintedResults, AreNoneWhereBenchmarksAreStreamed) {
  std::string bench = "goos: linux\n" + kInner + "exit status 1\n" +
                      "FAIL\tgithub.com/acme/shop/bad\t0.1s\n";
  EXPECT_THAT(causes_by_package(bench + kOuter),
              Contains("github.com/acme/shop/bad: failed_test likely"));
}

// A loop in a shell that tells of a package again.
TEST(PrintedResults, OfTheSamePackageAreAnotherAttempt) {
  EXPECT_THAT(causes_by_package(kOuter + kOuter),
              ElementsAre("github.com/acme/shop/report: failed_test likely"));
}

// What a logger puts before them is no prefix of the log, nor is an indent.
TEST(PrintedResults, OfALoggerAreLinesOfTheTest) {
  std::string inner = kPanic + result("github.com/acme/shop/bad");
  for (const char* stamp :
       {"2026/11/27 10:00:00 ", "2026/11/27 10:00:00.123456 ", "    ",
        "2026/11/27 10:00:00 INFO ", "2026-11-27T10:00:00.000Z\tINFO\t",
        "time=2026-11-27T10:00:00Z level=info msg= "}) {
    EXPECT_THAT(causes_by_package(stamped(stamp, inner + inner) + kOuter),
                ElementsAre("github.com/acme/shop/report: failed_test likely"))
        << stamp;
  }
  EXPECT_THAT(causes_by_package(stamped("2026/11/27 10:00:00 ", inner)),
              Contains("github.com/acme/shop/bad: nil_pointer likely"));
}

TEST(PrintedResults, OfEventsInAPlainLogArePossible) {
  std::string events;
  for (const char* package :
       {"github.com/acme/shop/bad", "github.com/acme/other/bad"}) {
    std::string its = std::string(R"(,"Package":")") + package + "\"";
    events += R"({"Action":"start")" + its + "}\n" + R"({"Action":"output")" +
              its + R"(,"Output":"signal: killed\n"})" + "\n" +
              R"({"Action":"fail")" + its + "}\n";
  }
  EXPECT_THAT(causes_by_package(events + kOuter),
              ElementsAre("github.com/acme/shop/bad: sigkill possible",
                          "github.com/acme/other/bad: sigkill possible",
                          "github.com/acme/shop/report: failed_test likely"));
  EXPECT_THAT(causes_by_package(events),
              AllOf(SizeIs(2), Not(Contains(HasSubstr("possible")))));
  EXPECT_THAT(causes_by_package(events + "+ go test ./report\n" + kOuter),
              Contains("github.com/acme/shop/bad: sigkill likely"));
}

}  // namespace
}  // namespace faultrig
