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
  triggers.look_at_effects([](FaultId) { return 0; });
  EXPECT_FALSE(triggers.all_settled());
  triggers.look_at_effects([](FaultId fault) { return fault == 0 ? 1 : 0; });
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
       [&](FaultId fault, bool) { awaited.push_back(fault); },
       {}});
  EXPECT_THAT(awaited, IsEmpty());
  triggers.ready();
  EXPECT_THAT(awaited, ElementsAre(0));
  EXPECT_THAT(fired, IsEmpty());
  CallRule named;
  named.fault = 0;
  named.role = CallRole::begins;
  triggers.call_seen(named);
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

// Faults that are released, and what happened to them.
class Released {
 public:
  explicit Released(std::vector<Fault> faults)
      : faults_(std::move(faults)),
        triggers(loop_, faults_,
                 {[](FaultId, const std::string&) {},
                  [this](FaultId, bool) { ++awaited_calls; },
                  [this](FaultId, const std::string& why) {
                    why_released.push_back(why);
                  }}) {}

 private:
  Loop loop_;
  std::vector<Fault> faults_;

 public:
  std::vector<std::string> why_released;
  int awaited_calls = 0;
  Triggers triggers;
};

Fault released_by(const std::string& key, Trigger::When form, Value value) {
  Fault fault;
  fault.name = "disk";
  fault.until.emplace();
  fault.until->when = form;
  fault.until->params.set(key, std::move(value), Place{});
  return fault;
}

TEST(Triggers, ReleaseAFaultAfterSoManyEffects) {
  Released run(
      {released_by("effects", Trigger::When::effects, std::int64_t{3})});
  run.triggers.link_started(Link::test);
  run.triggers.armed(0);
  run.triggers.look_at_effects([](FaultId) { return 2; });
  EXPECT_FALSE(run.triggers.all_settled());
  run.triggers.look_at_effects([](FaultId) { return 3; });
  EXPECT_THAT(run.why_released, ElementsAre("3 effects"));
  EXPECT_TRUE(run.triggers.all_settled());
}

// A line that came before the fault is no sign for its end.
TEST(Triggers, CountWhatReleasesAFaultFromTheFaultOn) {
  Released run(
      {released_by("output", Trigger::When::output, std::string("^ready$"))});
  run.triggers.line("ready", true, TestLines::plain);
  EXPECT_THAT(run.why_released, IsEmpty());
  run.triggers.armed(0);
  EXPECT_TRUE(run.triggers.line("ready", true, TestLines::plain));
  EXPECT_THAT(run.why_released, ElementsAre("output matches ^ready$"));
}

TEST(Triggers, CountAnswersFromTheFaultOn) {
  Released run(
      {released_by("answered", Trigger::When::answered, std::int64_t{20})});
  run.triggers.answered(50);
  run.triggers.armed(0);
  run.triggers.answered(69);
  EXPECT_THAT(run.why_released, IsEmpty());
  run.triggers.answered(70);
  EXPECT_THAT(run.why_released, ElementsAre("20 requests answered"));
}

TEST(Triggers, CountRequestsInFlightFromTheFaultOn) {
  Released by_flight(
      {released_by("in_flight", Trigger::When::in_flight, std::int64_t{1})});
  by_flight.triggers.in_flight(1);
  by_flight.triggers.armed(0);
  EXPECT_THAT(by_flight.why_released, IsEmpty());
  by_flight.triggers.in_flight(1);
  EXPECT_THAT(by_flight.why_released, ElementsAre("1 requests in_flight"));
}

// The line that begins a fault does not end it.
TEST(Triggers, EndNoFaultByTheLineThatBeginsIt) {
  std::vector<Fault> faults{
      released_by("output", Trigger::When::output, std::string("^ready$"))};
  faults[0].when.when = Trigger::When::output;
  faults[0].when.params.set("output", std::string("^ready$"), Place{});
  Loop loop;
  int released = 0;
  Triggers* all = nullptr;
  Triggers triggers(
      loop, faults,
      {[&](FaultId fault, const std::string&) { all->armed(fault); },
       [](FaultId, bool) {}, [&](FaultId, const std::string&) { ++released; }});
  all = &triggers;
  triggers.line("ready", true, TestLines::plain);
  EXPECT_EQ(released, 0);
  triggers.line("ready", true, TestLines::plain);
  EXPECT_EQ(released, 1);
}

// A service is not told to stop while a fault with a time of its own lasts.
TEST(Triggers, AreNotSettledBeforeAFaultHasEndedByItself) {
  std::vector<Fault> faults(1);
  faults[0].params.set("for", std::chrono::nanoseconds(1'000'000));
  Loop loop;
  Triggers triggers(loop, faults,
                    {[](FaultId, const std::string&) {}, [](FaultId, bool) {},
                     [](FaultId, const std::string&) {}});
  triggers.link_started(Link::test);
  triggers.armed(0);
  EXPECT_FALSE(triggers.all_settled());
  triggers.released(0);
  EXPECT_TRUE(triggers.all_settled());
}

TEST(Triggers, CountConnectionsFromTheFaultOn) {
  Released run(
      {released_by("accepted", Trigger::When::accepted, std::int64_t{2})});
  CallRule accepted;
  accepted.fault = 0;
  accepted.role = CallRole::ends;
  accepted.moment = CallMoment::accepted;
  accepted.number = 2;
  for (int i = 0; i < 3; ++i) {
    run.triggers.call_seen(accepted);
  }
  run.triggers.armed(0);
  run.triggers.call_seen(accepted);
  EXPECT_THAT(run.why_released, IsEmpty());
  run.triggers.call_seen(accepted);
  EXPECT_THAT(run.why_released, ElementsAre("2 connections accepted"));
}

TEST(Triggers, AwaitTheCallThatReleasesOnceTheFaultIsActive) {
  Released run({released_by("call", Trigger::When::call,
                            std::vector<std::string>{"fsync"})});
  EXPECT_EQ(run.awaited_calls, 0);
  run.triggers.armed(0);
  EXPECT_EQ(run.awaited_calls, 1);
}

TEST(Triggers, TellOneFaultOfTheReleaseOfAnother) {
  std::vector<Fault> faults{
      released_by("effects", Trigger::When::effects, std::int64_t{1}), {}};
  faults[1].when.when = Trigger::When::release;
  faults[1].when.params.set("release", std::string("disk"));
  Loop loop;
  std::vector<std::string> fired;
  Triggers triggers(
      loop, faults,
      {[&](FaultId, const std::string& why) { fired.push_back(why); },
       [](FaultId, bool) {}, [](FaultId, const std::string&) {}});
  triggers.armed(0);
  EXPECT_THAT(fired, IsEmpty());
  triggers.look_at_effects([](FaultId) { return 1; });
  EXPECT_THAT(fired, ElementsAre("fault 'disk' was released"));
}

TEST(Triggers, SayWhenAFaultCanNoLongerBeReleased) {
  Released run(
      {released_by("output", Trigger::When::output, std::string("^well$"))});
  run.triggers.link_started(Link::test);
  auto lost = [&] {
    return run.triggers.lost(false, [](Link) { return true; });
  };
  EXPECT_TRUE(lost().empty());
  run.triggers.armed(0);
  std::vector<LostTrigger> told = lost();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_TRUE(told[0].ends);
  EXPECT_EQ(told[0].why, "since all output has been closed");
  EXPECT_TRUE(run.triggers.all_settled());
}

}  // namespace
}  // namespace faultrig
