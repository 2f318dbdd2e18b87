// What is made of goroutines that were seen when something hung.
#include "harness/judge/hanging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/deadlock.h"
#include "harness/run/goroutine_facts.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

GoStackPtr stack(std::vector<GoFrame> frames, const std::string& unknown = "") {
  return std::make_shared<const GoStack>(GoStack{std::move(frames), unknown});
}

const GoFrame kPut{"shop.org/x.(*DB).Put", "/x/db.go", 41};
const GoFrame kMain{"main.main", "/x/main.go", 9};
const GoFrame kTestMain{"main.main", "_testmain.go", 47};

Observation seen(const std::string& state, GoStackPtr place, int count = 1) {
  Observation out;
  out.fact = Fact::goroutines_seen;
  out.link = "test";
  out.action = state;
  out.number = count;
  out.stack = std::move(place);
  return out;
}

TEST(Hanging, TellsFirstWhoWaitsForALock) {
  TraceBuilder trace;
  trace.add(seen("chan receive",
                 stack({{"testing.(*T).Run", "/t.go", 1}, kTestMain})));
  trace.add(seen("IO wait", stack({kMain}), 50));
  trace.add(seen("sync.Mutex.Lock",
                 stack({{"sync.(*Mutex).Lock", "/m.go", 1}, kPut}), 2));
  auto all = hanging_goroutines(trace.evidence());
  EXPECT_THAT(all, ElementsAre(Field(&JudgedHang::state, "sync.Mutex.Lock"),
                               Field(&JudgedHang::state, "IO wait"),
                               Field(&JudgedHang::state, "chan receive")));
  EXPECT_EQ(all.front().text(),
            "2 goroutines [sync.Mutex.Lock] in x.(*DB).Put (db.go:41)");
}

Finding deadlock(const TraceBuilder& trace) {
  return ask("goroutines", params("deadlock", text("certain")), trace);
}

TEST(CertainDeadlock, IsOneThatNothingCanWake) {
  for (const char* state : {"chan receive (nil chan)", "chan send (nil chan)",
                            "select (no cases)", "chan receive (leaked)"}) {
    TraceBuilder trace;
    trace.add(seen("IO wait", stack({kMain})));
    trace.add(seen(state, stack({kPut})));
    EXPECT_EQ(deadlock(trace).verdict, Verdict::pass) << state;
  }
}

TEST(CertainDeadlock, IsNoneWhereSomebodyMayCome) {
  for (const char* state :
       {"chan receive", "sync.Mutex.Lock", "select", "running"}) {
    TraceBuilder trace;
    trace.add(seen(state, stack({kPut}), 4));
    EXPECT_EQ(deadlock(trace).verdict, Verdict::fail) << state;
  }
  TraceBuilder lives_on;
  lives_on.add(seen("select (no cases)", stack({kMain})));
  EXPECT_EQ(deadlock(lives_on).verdict, Verdict::fail);
}

TEST(CertainDeadlock, CannotBeToldWhereNobodyLookedAtAll) {
  EXPECT_EQ(deadlock(TraceBuilder()).verdict, Verdict::inconclusive);
  TraceBuilder some;
  some.add(seen("chan receive", stack({kPut})));
  some.add(Fact::goroutines_unseen, "test", 3, "they could not be read");
  EXPECT_EQ(deadlock(some).verdict, Verdict::inconclusive);
  TraceBuilder unknown;
  unknown.add(seen("select (no cases)", stack({}, "why")));
  EXPECT_EQ(deadlock(unknown).verdict, Verdict::inconclusive);
}

TEST(CertainDeadlock, IsTheRuntimesOwnWordOnlyOfAProgramThatEndedByIt) {
  const std::string said =
      "fatal error: all goroutines are asleep - deadlock!\n\n"
      "goroutine 1 [chan receive]:\nmain.main()\n\t/x/main.go:9 +0x1\n";
  TraceBuilder ended;
  ended.parts.err = said;
  ended.exited("command", 2);
  EXPECT_EQ(deadlock(ended).verdict, Verdict::pass);
  TraceBuilder printed;
  printed.parts.err = said;
  printed.exited("command", 0);
  EXPECT_EQ(deadlock(printed).verdict, Verdict::inconclusive);
}

TEST(GoroutineFacts, CountThoseAtOnePlaceAndLeaveOutTheRuntimesOwn) {
  GoroutineLook look;
  for (std::uint64_t id = 1; id < 5; ++id) {
    SeenGoroutine one;
    one.id = id;
    one.state = "chan receive";
    one.internal = id == 4;
    one.stack = stack({{"runtime.gopark", "/p.go", 1}, kPut});
    look.goroutines.push_back(one);
  }
  look.unread = 2;
  auto facts = goroutine_facts(look);
  ASSERT_EQ(facts.size(), 2U);
  EXPECT_EQ(facts[0].number, 3);
  EXPECT_THAT(facts[0].stack->frames, ElementsAre(kPut));
  EXPECT_EQ(facts[1].fact, Fact::goroutines_unseen);
  EXPECT_EQ(facts[1].number, 2);
}

TEST(GoroutineFacts, TellHowManyMoreStandElsewhere) {
  GoroutineLook look;
  for (int i = 0; i < 100; ++i) {
    SeenGoroutine one;
    one.id = static_cast<std::uint64_t>(i) + 1;
    one.state = "select";
    one.stack = stack({{"main.f" + std::to_string(i), "/x.go", 1}});
    look.goroutines.push_back(one);
  }
  auto facts = goroutine_facts(look);
  ASSERT_EQ(facts.size(), 65U);
  EXPECT_EQ(facts.back().number, 36);
  EXPECT_THAT(describe(facts.back()), HasSubstr("36 more goroutines"));
}

}  // namespace
}  // namespace faultrig
