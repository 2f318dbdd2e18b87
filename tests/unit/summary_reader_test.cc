// gotestsum's summary, as its formats leave it where no line of go is left.
#include "harness/explain/summary_reader.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/explain/explainer.h"
#include "tests/unit/explained_log.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> ids_by_package(const std::string& log) {
  std::vector<std::string> out;
  for (const Explanation& one : explained(log).explanations) {
    std::string text = one.package + ":";
    for (const Named& named : one.causes) {
      text += " " + named.cause->id;
    }
    out.push_back(text);
  }
  return out;
}

std::string summary(const std::string& body,
                    const std::string& done = "DONE 2 tests, 1 failure") {
  return "\n=== Failed\n" + body + "\n" + done + " in 0.4s\n";
}

const std::string kFailed =
    "=== FAIL: m/cart TestA/x_y (0.00s)\n    cart_test.go:5: never\n";

TEST(SummaryReader, NamesWhatFailedWhereTheFormatHidesIt) {
  for (const char* format :
       {"✖  m/cart (6ms)\n", "[m/cart]·✖\n", "m/cart:\n ✖ A (0.00s)\n",
        "::group::FAIL m/cart.TestA (0.00s)\n::endgroup::\n"}) {
    EXPECT_THAT(ids_by_package(format + summary(kFailed)),
                ElementsAre("m/cart: failed_test"));
  }
}

TEST(SummaryReader, ReadsWhatEndedTheProcess) {
  EXPECT_THAT(
      ids_by_package(summary(
          "=== FAIL: cart TestA (unknown)\npanic: assignment to entry in nil "
          "map\n\ngoroutine 7 [running]:\nm/cart.TestA(0x1)\n\t/m/a_test.go:7 "
          "+0x1\n")),
      ElementsAre("cart: nil_map"));
  EXPECT_THAT(ids_by_package(summary("=== FAIL: cart TestA (unknown)\n"
                                     "signal: killed\n")),
              ElementsAre("cart: sigkill"));
  EXPECT_THAT(ids_by_package(summary("=== FAIL: cart  (0.00s)\nno database\n"
                                     "FAIL\texample.com/m/cart\t0.003s\n")),
              ElementsAre("example.com/m/cart: exit_hidden"));
}

TEST(SummaryReader, PutsTheErrorsOfABuildToTheirPackage) {
  const std::string failed =
      "=== FAIL: cart  (0.00s)\n"
      "FAIL\texample.com/m/cart [build failed]\n\n"
      "=== FAIL: tax  (0.00s)\n"
      "FAIL\texample.com/m/tax [build failed]\n\n";
  EXPECT_THAT(ids_by_package(summary(
                  failed + "=== Errors\ncart/a_test.go:5:27: undefined: "
                           "foo\ntax/b_test.go:3:1: cannot use x (variable of "
                           "type int) as string value in argument to f\n")),
              ElementsAre("example.com/m/cart: undefined_name",
                          "example.com/m/tax: type_error"));
}

TEST(SummaryReader, KnowsTheFinalStateOfWhatWasRunAgain) {
  const std::string again =
      "=== FAIL: m/cart TestA/x_y (re-run 1) (0.00s)\n    cart_test.go:5: no\n";
  EXPECT_THAT(
      ids_by_package(summary(kFailed, "DONE 2 runs, 3 tests, 1 failure")),
      ElementsAre("m/cart: passed_on_retry"));
  EXPECT_THAT(ids_by_package(
                  summary(kFailed + again, "DONE 2 runs, 3 tests, 2 failures")),
              ElementsAre("m/cart: failed_test"));
  const std::string verbose =
      "--- FAIL: TestA (0.00s)\nFAIL\nFAIL\texample.com/m/cart\t0.1s\n"
      "DONE 1 tests, 1 failure in 0.1s\nok  \texample.com/m/cart\t0.1s\n";
  EXPECT_THAT(
      ids_by_package(verbose + summary("=== FAIL: cart TestA (0.00s)\n",
                                       "DONE 2 runs, 3 tests, 1 failure")),
      ElementsAre("example.com/m/cart: passed_on_retry"));
}

TEST(SummaryReader, TellsAPackageOnlyOnce) {
  EXPECT_THAT(ids_by_package("--- FAIL: TestA (0.00s)\nFAIL\n"
                             "FAIL\texample.com/m/cart\t0.1s\n" +
                             summary(kFailed)),
              ElementsAre("example.com/m/cart: failed_test"));
}

TEST(SummaryReader, IsNotTakenInByATestThatPrintsItsHeading) {
  EXPECT_THAT(
      ids_by_package("=== RUN   TestA\n=== Failed\nhello\n"
                     "--- PASS: TestA (0.00s)\nPASS\nok  \tm/a\t0.1s\n"
                     "--- FAIL: TestB (0.00s)\nFAIL\nFAIL\tm/b\t0.1s\n"),
      ElementsAre("m/b: failed_test"));
  EXPECT_THAT(ids_by_package("DONE 3 tests in 0.1s\n"), IsEmpty());
}

TEST(SummaryReader, KeepsLittleOfALongOne) {
  SummaryReader reader;
  reader.take({1, "=== Failed"});
  reader.take({1, "=== FAIL: a TestA (0.00s)"});
  int taken = 0;
  for (int i = 0; i < 50'000; ++i) {
    taken += reader.take({i + 2, "x"}) ? 1 : 0;
  }
  EXPECT_EQ(taken, 20'000);
}

}  // namespace
}  // namespace faultrig
