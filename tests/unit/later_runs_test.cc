// One log, the same package several times: what is its state at the end?
#include "harness/explain/later_runs.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string kRed =
    "--- FAIL: TestNet (0.20s)\n    net_test.go:9: no answer\nFAIL\n"
    "FAIL\tm/net\t0.210s\nFAIL\n";
const std::string kGreen = "ok  \tm/net\t0.180s\n";

TEST(LaterRuns, SayThatItPassedInTheEnd) {
  Explained all = explained(kRed + "retrying (2/3)\n" + kGreen);
  ASSERT_THAT(causes_in(all), ElementsAre("passed_on_retry likely"));
  EXPECT_THAT(all.explanations[0].tests, ElementsAre("TestNet"));
  EXPECT_EQ(all.explanations[0].verdict, "ok");
  EXPECT_EQ(all.explanations[0].among.at(0)->id, "failed_test");
}

// Other flags, another Go, another part of the tests: who knows.
TEST(LaterRuns, ArePossiblyAnotherRunWhereNobodySaysThatItTriesAgain) {
  EXPECT_THAT(causes_by_package(kRed + "go test -race ./...\n" + kGreen),
              ElementsAre("m/net: passed_on_retry possible"));
  EXPECT_THAT(
      causes_by_package(kRed + "##[warning]Attempt 1 failed.\nok  \tm/a\t1s\n" +
                        kGreen),
      ElementsAre("m/net: passed_on_retry likely"));
}

TEST(LaterRuns, AreToldOnceWhereTheSameFailedInAll) {
  EXPECT_THAT(causes_by_package(kRed + "retry\n" + kRed + "retry\n" + kRed),
              ElementsAre("m/net: failed_test likely"));
}

TEST(LaterRuns, AreToldApartWhereTheyDiffer) {
  std::string other = kRed;
  other.replace(other.find("TestNet"), 7, "TestTax");
  EXPECT_EQ(explained(kRed + other).explanations.size(), 2U);
}

TEST(LaterRuns, CountTheLastOne) {
  EXPECT_THAT(causes_by_package(kGreen + kRed),
              ElementsAre("m/net: failed_test likely"));
  EXPECT_THAT(causes_by_package(kRed + kGreen + kRed),
              UnorderedElementsAre("m/net: passed_on_retry possible",
                                   "m/net: failed_test likely"));
}

TEST(LaterRuns, AreNotOtherPackagesOrOtherWriters) {
  EXPECT_THAT(causes_by_package(kRed + "ok  \tm/net/http\t0.1s\n"),
              ElementsAre("m/net: failed_test likely"));
  EXPECT_THAT(causes_by_package("linux  | --- FAIL: TestNet (0.20s)\n"
                                "linux  | FAIL\nlinux  | FAIL\tm/net\t0.210s\n"
                                "linux  | FAIL\nmacos  | ok  \tm/net\t0.180s\n"
                                "macos  | ok  \tm/tax\t0.180s\n"),
              ElementsAre("m/net: failed_test likely"));
}

// As docker does behind a step that failed, without what counts its lines.
TEST(LaterRuns, AreNoneWhereTheEndIsRepeated) {
  std::string log;
  for (const char* before : {"#26 0.5 ", "0.523 "}) {
    for (const char* line :
         {"--- FAIL: TestNet (0.20s)", "    net_test.go:9: no answer", "FAIL",
          "FAIL\tm/net\t0.210s", "FAIL"}) {
      log += std::string(before) + line + "\n";
    }
    log += "------\n";
  }
  EXPECT_THAT(causes_by_package(log), ElementsAre("m/net: failed_test likely"));
}

TEST(LaterRuns, OfABuildThatFailedFirst) {
  EXPECT_THAT(causes_by_package("# m/net\n./n.go:3:1: undefined: x\n"
                                "FAIL\tm/net [build failed]\nFAIL\n" +
                                kGreen),
              ElementsAre("m/net: passed_on_retry possible"));
}

}  // namespace
}  // namespace faultrig
