// What begins a test is testing's word, not a test's.
#include "harness/run/triggers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One that waits for TestB, one for a line.
std::vector<Fault> two_faults() {
  std::vector<Fault> faults(2);
  faults[0].when.when = Trigger::When::test;
  faults[0].when.params.set("test", std::string("TestB"), Place{});
  faults[1].when.when = Trigger::When::output;
  faults[1].when.params.set("output", std::string("^--- PASS: TestA"), Place{});
  return faults;
}

std::vector<FaultId> fired_by(const std::string& line, TestLines lines,
                              bool is_stdout = true) {
  Loop loop;
  std::vector<Fault> faults = two_faults();
  std::vector<FaultId> fired;
  Triggers triggers(loop, faults, [&](FaultId fault, const std::string&) {
    fired.push_back(fault);
  });
  bool waited_for = triggers.line(line, is_stdout, lines);
  EXPECT_EQ(waited_for, !fired.empty());
  return fired;
}

TEST(Triggers, KnowTheStartOfATestByItsMark) {
  for (const char* line :
       {"\x16=== RUN   TestB", "a line left open\x16=== RUN   TestB",
        "\x16=== RUN   TestB\r"}) {
    EXPECT_THAT(fired_by(line, TestLines::marked), ElementsAre(0)) << line;
  }
  EXPECT_THAT(fired_by("=== RUN   TestB", TestLines::plain), ElementsAre(0));
}

TEST(Triggers, TakeNoPrintedLineForTheStartOfATest) {
  for (const char* line :
       {"=== RUN   TestB", "\x16=== RUN   TestB/sub", "\x16=== CONT  TestB",
        "x=== RUN   TestB", "\x16=== RUN   TestB\x16 and more"}) {
    EXPECT_THAT(fired_by(line, TestLines::marked), IsEmpty()) << line;
  }
  EXPECT_THAT(fired_by("=== RUN   TestB", TestLines::plain, false), IsEmpty());
}

// `go test -json` has taken the marks, and made events.
TEST(Triggers, KnowTheStartOfATestByItsEvent) {
  EXPECT_THAT(fired_by(R"({"Action":"run","Package":"m","Test":"TestB"})",
                       TestLines::json),
              ElementsAre(0));
  for (const char* line :
       {R"({"Action":"output","Test":"TestA","Output":"=== RUN   TestB\n"})",
        R"({"Action":"run","Package":"m","Test":"TestB/sub"})",
        "=== RUN   TestB"}) {
    EXPECT_THAT(fired_by(line, TestLines::json), IsEmpty()) << line;
  }
}

// Who waits for a line knows nothing of marks.
TEST(Triggers, LookAtALineWithoutItsMark) {
  EXPECT_THAT(fired_by("\x16--- PASS: TestA (0.00s)", TestLines::marked),
              ElementsAre(1));
}

}  // namespace
}  // namespace faultrig
