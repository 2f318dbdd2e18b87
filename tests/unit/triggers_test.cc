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
  Triggers triggers(
      loop, faults,
      {[&](FaultId fault, const std::string&) { fired.push_back(fault); }, {}});
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

// A fault that waits for the service, and one that waits for that fault.
TEST(Triggers, CombineAMomentWithADelay) {
  Loop loop;
  std::vector<Fault> faults(2);
  faults[0].name = "stop";
  faults[0].when.when = Trigger::When::ready;
  faults[0].when.params.set("after", std::chrono::nanoseconds(1'000'000));
  faults[1].when.when = Trigger::When::fault;
  faults[1].when.params.set("fault", std::string("stop"));
  std::vector<std::string> fired;
  Triggers triggers(
      loop, faults,
      {[&](FaultId, const std::string& why) { fired.push_back(why); }, {}});
  triggers.ready();
  EXPECT_THAT(fired, IsEmpty());
  while (fired.empty()) {
    loop.step(std::chrono::seconds(1));
  }
  EXPECT_EQ(fired.back(), "the service is ready, after 1ms");
  triggers.look_at_effects([](FaultId) { return false; });
  EXPECT_FALSE(triggers.all_settled());
  triggers.look_at_effects([](FaultId fault) { return fault == 0; });
  EXPECT_EQ(fired.back(), "fault 'stop' took effect");
  EXPECT_TRUE(triggers.all_settled());
}

TEST(Triggers, CountTheRequestsOfALoad) {
  Loop loop;
  std::vector<Fault> faults(2);
  faults[0].when.when = Trigger::When::in_flight;
  faults[0].when.params.set("in_flight", std::int64_t{3});
  faults[1].when.when = Trigger::When::answered;
  faults[1].when.params.set("answered", std::int64_t{2});
  std::vector<FaultId> fired;
  Triggers triggers(
      loop, faults,
      {[&](FaultId fault, const std::string&) { fired.push_back(fault); }, {}});
  triggers.in_flight(2);
  triggers.answered(1);
  EXPECT_THAT(fired, IsEmpty());
  triggers.answered(2);
  triggers.in_flight(4);
  EXPECT_THAT(fired, ElementsAre(1, 0));
}

// What a trigger names, by key.
Fault waiting_for(std::vector<std::pair<std::string, Value>> parts) {
  Fault fault;
  fault.when.when = Trigger::When::ready;
  for (auto& [key, value] : parts) {
    fault.when.params.set(key, std::move(value), Place{});
  }
  return fault;
}

TEST(Triggers, WaitForAllThatTheyName) {
  Loop loop;
  std::vector<Fault> faults{waiting_for({{"ready", true},
                                         {"answered", std::int64_t{2}},
                                         {"output", std::string("^go$")}})};
  std::vector<std::string> fired;
  Triggers triggers(
      loop, faults,
      {[&](FaultId, const std::string& why) { fired.push_back(why); }, {}});
  triggers.line("go", true, TestLines::plain);
  triggers.answered(2);
  EXPECT_THAT(fired, IsEmpty());
  triggers.ready();
  EXPECT_THAT(fired, ElementsAre("output matches ^go$, 2 requests answered, "
                                 "the service is ready"));
}

// A call is an instant: one that came before the rest is not waited for.
TEST(Triggers, CountACallFromTheMomentTheRestHasCome) {
  Loop loop;
  std::vector<Fault> faults{waiting_for(
      {{"ready", true}, {"call", std::vector<std::string>{"openat"}}})};
  std::vector<FaultId> fired;
  std::vector<FaultId> awaited;
  Triggers triggers(
      loop, faults,
      {[&](FaultId fault, const std::string&) { fired.push_back(fault); },
       [&](FaultId fault) { awaited.push_back(fault); }});
  EXPECT_THAT(awaited, IsEmpty());
  triggers.ready();
  EXPECT_THAT(awaited, ElementsAre(0));
  EXPECT_THAT(fired, IsEmpty());
  triggers.call_seen(0, CallMoment::before);
  EXPECT_THAT(fired, ElementsAre(0));
}

TEST(Triggers, AreLostWithTheFirstPartThatCannotCome) {
  Loop loop;
  std::vector<Fault> faults{waiting_for({{"ready", true},
                                         {"answered", std::int64_t{2}},
                                         {"output", std::string("^go$")}})};
  Triggers triggers(loop, faults, {[](FaultId, const std::string&) {}, {}});
  auto calls = [](Link) { return true; };
  EXPECT_THAT(triggers.lost(true, calls), IsEmpty());
  triggers.load_over();
  auto lost = triggers.lost(true, calls);
  ASSERT_EQ(lost.size(), 1U);
  EXPECT_EQ(lost[0].why, "since nothing more is asked of the service");
  EXPECT_TRUE(triggers.all_settled());
  EXPECT_THAT(triggers.lost(false, calls), IsEmpty());
}

}  // namespace
}  // namespace faultrig
