#include "harness/run/test_story.h"

#include <sstream>

#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/run/test_events.h"

namespace faultrig {
namespace {

// `run TestA` is an event, `: PASS` a line that was printed.
std::string told(const std::string& text, bool alone = false) {
  TestStory story;
  for (std::string_view line : lines_of(text)) {
    std::size_t blank = line.find(' ');
    if (line.substr(0, blank) == ":") {
      story.take_line(line.substr(blank + 1));
    } else {
      story.take(line.substr(0, blank), std::string(line.substr(blank + 1)));
    }
  }
  story.finish(alone);
  return story.contradiction();
}

TEST(TestStory, HoldsTogetherInEachWayInWhichTestsRun) {
  for (const char* story :
       {"run TestA\npass TestA\nrun TestB\nskip TestB\n: PASS\n: ok  \tm\n",
        "run TestA\nrun TestA/x\nrun TestA/y\npass TestA/x\nfail TestA/y\n"
        "fail TestA\n: FAIL\n: exit status 1\n: FAIL\tm\n",
        // In parallel, at the top and below.
        "run TestA\npause TestA\nrun TestB\npause TestB\nrun TestC\n"
        "pass TestC\ncont TestA\ncont TestB\nrun TestA/x\npass TestB\n"
        "pass TestA/x\npass TestA\n: PASS\n",
        "run TestA\nrun TestA/x\npause TestA/x\nrun TestA/y\ncont TestA/x\n"
        "pass TestA/x\npass TestA/y\npass TestA\n: PASS\n",
        // -count=2, and the same name in another package.
        "run TestA\npass TestA\nrun TestA\npass TestA\n: PASS\n",
        "run TestA\n: exit status 2\n: FAIL\tm\nrun TestA\npass TestA\n"
        ": PASS\n",
        // A panic fails a test and all above it; those beside it have no end.
        "run TestA\nrun TestA/x\nrun TestA/y\nfail TestA/x\nfail TestA\n"
        ": exit status 2\n: FAIL\tm\n",
        // The program exited 0 within a test: go says ok.
        "run TestA\n: ok  \tm\nrun TestB\npass TestB\n: PASS\n",
        // test2json tells of the end when it has seen what comes behind.
        "run TestA\n: exit status 2\n: FAIL\tm\nfail TestA\nrun TestB\n"
        "pass TestB\n: PASS\n: ok  \tn\n",
        "run BenchmarkX\nrun BenchmarkY\n: PASS\n"}) {
    EXPECT_EQ(told(story), "") << story;
  }
}

TEST(TestStory, NoticesWhatTestingNeverSays) {
  for (const char* story :
       {"run TestA\nrun TestFake\npass TestFake\npass TestA\n",
        "run TestA\npass TestA\npass TestA\n", "pass TestFake\n",
        "run TestA\npass TestA\nfail TestA\n", "run TestA\nrun TestA\n",
        "run TestA/x\n", "run TestA\nrun TestA/x\npass TestA\n",
        "run TestA\n: PASS\n", "cont TestA\n",
        // The program ended where no test ran.
        "run TestA\npass TestA\n: exit status 3\n: FAIL\tm\n",
        "run TestA\n: FAIL\tm\n: FAIL\npass TestA\n"}) {
    EXPECT_NE(told(story), "") << story;
  }
}

// A test that says it passed, and ends the program with 0 in testing's place.
TEST(TestStory, MissesTheWordOfTestingThoughTheProgramExited0) {
  EXPECT_NE(told("run TestA\npass TestA\n: ok  \tm\n"), "");
  EXPECT_NE(told("run TestA\npass TestA\n", true), "");
  EXPECT_EQ(told("run TestA\npass TestA\n: PASS\n", true), "");
  EXPECT_EQ(told("run TestA\npass TestA\n: .....PASS\n", true), "");
  EXPECT_EQ(told("run TestA\npass TestA\nrun TestB\n", true), "");
}

// test2json gives a line that a test printed to that test.
TEST(TestStory, HearsNoWordInWhatATestPrints) {
  auto story_of = [](const std::string& whose) {
    return parse_test_events(
               R"({"Action":"run","Test":"TestA"}
{"Action":"output","Output":"PASS\n")" +
                   whose + R"(}
{"Action":"pass","Test":"TestA"}
)",
               true)
        .back()
        .fact;
  };
  EXPECT_EQ(story_of(R"(,"Test":"TestA")"), Fact::not_known);
  std::string printed = R"({"Action":"run","Test":"TestA"}
{"Action":"output","Test":"TestA","Output":"PASS\n"}
{"Action":"pass","Test":"TestA"}
{"Action":"output","Output":"PASS\n"}
)";
  EXPECT_EQ(parse_test_events(printed, true).back().fact, Fact::test_event);
}

TEST(TestStory, IsOneForEachPackage) {
  auto event = [](const std::string& action, const std::string& package) {
    return "{\"Action\":\"" + action + "\",\"Package\":\"" + package +
           "\",\"Test\":\"TestA\"}\n";
  };
  std::string mixed = event("run", "a") + event("run", "b") +
                      event("pass", "b") + event("pass", "a");
  EXPECT_EQ(parse_test_events(mixed).back().fact, Fact::test_event);
  std::string twice = mixed + event("pass", "a");
  EXPECT_EQ(parse_test_events(twice).back().fact, Fact::not_known);
  EXPECT_EQ(parse_test_events(twice).back().action, "tests");
}

}  // namespace
}  // namespace faultrig
