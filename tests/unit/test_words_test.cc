#include "harness/judge/test_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;

TestWords words_of(std::string_view output, bool marked = false) {
  TestWords words(marked);
  for (std::string_view line : lines_of(output)) {
    words.take(line);
  }
  return words;
}

TEST(TestWords, KnowTheLastWord) {
  EXPECT_EQ(words_of("ok so far\nPASS\ncoverage: 50.0%\n").last(), "PASS");
  EXPECT_EQ(words_of("--- FAIL: TestA (0.00s)\nFAIL\n").last(), "FAIL");
  EXPECT_EQ(words_of("--- FAIL: TestA (0.00s)\nFAIL\nPASS\n").last(), "PASS");
  EXPECT_EQ(words_of("=== RUN   TestA\n").last(), "");
}

TEST(TestWords, FindAPassBehindALineThatATestLeftOpen) {
  EXPECT_EQ(words_of("=== RUN   TestA\nloadingPASS\n").last(), "PASS");
}

TEST(TestWords, DoNotTakeALineOfATestForTheirs) {
  EXPECT_EQ(words_of("it may FAIL\n").last(), "");
  EXPECT_EQ(words_of("--- PASS: TestA (0.00s)\n").last(), "");
  EXPECT_EQ(words_of("    --- FAIL: TestA/sub (0.00s)\n").failed(), 0);
}

TEST(TestWords, CountTopLevelTestsAndNameThoseThatFailed) {
  TestWords words = words_of(
      "=== RUN   TestA\n=== RUN   TestA/sub\n--- FAIL: TestA (0.00s)\n"
      "    --- FAIL: TestA/sub (0.00s)\n=== RUN   TestB\n"
      "--- PASS: TestB (0.01s)\nFAIL\n");
  EXPECT_EQ(words.ran(), 2);
  EXPECT_EQ(words.failed(), 1);
  EXPECT_THAT(words.names(), ElementsAre("TestA"));
}

TEST(TestWords, SeeThroughTheMarksOfTest2json) {
  TestWords words = words_of(
      "\x16=== RUN   TestA\nprinted\x16--- FAIL: TestA (0.00s)\n\x16"
      "FAIL\n");
  EXPECT_EQ(words.ran(), 1);
  EXPECT_THAT(words.names(), ElementsAre("TestA"));
  EXPECT_EQ(words.last(), "FAIL");
}

TEST(TestWords, AreNotATestsWhereTestingMarksItsOwn) {
  TestWords words = words_of(
      "\x16=== RUN   TestA\n=== RUN   TestX\n--- FAIL: TestX (0.00s)\nPASS\n"
      "testing: warning: no tests to run\n",
      true);
  EXPECT_EQ(words.last(), "");
  EXPECT_EQ(words.ran(), 1);
  EXPECT_EQ(words.failed(), 0);
  EXPECT_TRUE(words.nothing_to_run());
}

TEST(TestWords, SeeABenchmarkFailBehindItsName) {
  TestWords words = words_of(
      "BenchmarkX-2   \t--- FAIL: BenchmarkX-2\n    x_test.go:3: no\n"
      "BenchmarkY-2   \t    1000\t       123 ns/op\nFAIL\n");
  EXPECT_THAT(words.names(), ElementsAre("BenchmarkX-2"));
}

TEST(TestWords, KeepABoundedNumberOfNames) {
  std::string output;
  for (int i = 0; i < 1000; ++i) {
    output += "--- FAIL: Test" + std::to_string(i) + " (0.00s)\n";
  }
  TestWords words = words_of(output);
  EXPECT_EQ(words.failed(), 1000);
  EXPECT_EQ(words.names().size(), 100U);
}

TEST(TestWords, TellWhenThereWasNothingToRun) {
  EXPECT_TRUE(
      words_of("testing: warning: no tests to run\nPASS\n").nothing_to_run());
  EXPECT_FALSE(words_of("PASS\n").nothing_to_run());
}

TEST(WillSayAWord, IsTrueOfATestBinaryThatRunsTests) {
  EXPECT_TRUE(will_say_a_word({"/tmp/x.test", "-test.timeout=10m0s"}));
  EXPECT_TRUE(will_say_a_word({"/tmp/x.test", "--test.v"}));
  EXPECT_FALSE(will_say_a_word({"/tmp/x.test", "-test.list=."}));
  EXPECT_FALSE(will_say_a_word({"/tmp/x.test", "-test.fuzzworker"}));
  EXPECT_FALSE(will_say_a_word({"/bin/ls", "-l"}));
  EXPECT_FALSE(will_say_a_word({"-test.v"}));
}

}  // namespace
}  // namespace faultrig
