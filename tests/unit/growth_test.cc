// What is made of goroutines that were looked at again and again.
#include "harness/judge/growth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/observe.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kPid = 7;

struct Group {
  std::string state;
  std::string function;
  std::int64_t count = 1;
  std::string creator = "main.start";
  std::vector<std::string> numbers = {};
};

const Group kMain{"chan receive", "main.main", 1, ""};

Observation group_of(const Group& group, Fact fact) {
  Observation out;
  out.fact = fact;
  out.link = "test";
  out.pid = kPid;
  out.action = group.state;
  out.number = group.count;
  out.call = group.creator;
  out.names = group.numbers;
  GoStack stack{{{"runtime.gopark", "/p.go", 1}, {group.function, "/x.go", 9}},
                ""};
  if (group.state == "running") {
    stack = {{}, "it runs"};
  }
  out.stack = std::make_shared<const GoStack>(std::move(stack));
  return out;
}

class Looks : public TraceBuilder {
 public:
  Looks& look(const std::string& moment, const std::vector<Group>& groups,
              const std::string& what = "") {
    Observation head;
    head.fact = Fact::goroutine_look;
    head.link = "test";
    head.pid = kPid;
    head.action = moment;
    head.text = what;
    head.number = 1;
    add(head);
    for (const Group& group : groups) {
      add(group_of(group, Fact::goroutines_there));
    }
    return *this;
  }
  Looks& every(const std::vector<std::int64_t>& counts) {
    for (std::int64_t count : counts) {
      look("every", {kMain, {"chan send", "shop.fill", count}});
    }
    return *this;
  }
  Looks& unseen(const std::string& moment) {
    Observation some;
    some.fact = Fact::goroutines_unseen;
    some.link = "test";
    some.pid = kPid;
    some.number = 3;
    some.action = moment;
    add(some);
    return *this;
  }
  Looks& hung(const std::vector<Group>& groups) {
    for (const Group& group : groups) {
      add(group_of(group, Fact::goroutines_seen));
    }
    return *this;
  }
};

Verdict grows(const Looks& looks, std::vector<std::string> ignored = {}) {
  return ask("goroutines",
             params("grows", text("none")) + params("ignore", ignored), looks)
      .verdict;
}

Finding leaked(const Looks& looks, std::vector<std::string> ignored = {}) {
  return ask("goroutines",
             params("leaked", text("none")) + params("ignore", ignored), looks);
}

Finding likely(const Looks& looks) {
  return ask("goroutines", params("deadlock", text("likely")), looks);
}

TEST(Growth, IsARiseFromLookToLook) {
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 4, 5})), Verdict::fail);
  EXPECT_EQ(grows(Looks().every({1, 3, 3, 4, 9, 10})), Verdict::fail);
  Finding found = ask("goroutines", params("grows", text("none")),
                      Looks().every({1, 2, 3, 4, 5}));
  EXPECT_THAT(found.because, HasSubstr("from 1 to 5 in 5 looks (every): 5 "
                                       "goroutines [chan send] in shop.fill"));
}

TEST(Growth, IsNoneWhereTheNumberFellOrStood) {
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 2, 3, 2})), Verdict::pass);
  EXPECT_EQ(grows(Looks().every({1, 2, 2, 2, 3, 3})), Verdict::pass);
  // A pool that was filled.
  EXPECT_EQ(grows(Looks().every({1, 4, 7, 8, 8, 8, 8})), Verdict::pass);
  EXPECT_EQ(grows(Looks().every({4, 4, 4, 4, 4})), Verdict::pass);
}

// A look that comes late sees the next round too.
TEST(Growth, CannotBeToldOfARiseWithStepsAndDents) {
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 2, 5, 6})), Verdict::inconclusive);
  EXPECT_EQ(grows(Looks().every({1, 3, 3, 5, 5, 7, 7})), Verdict::inconclusive);
}

TEST(Growth, CannotBeToldByFewLooks) {
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 4})), Verdict::inconclusive);
  EXPECT_EQ(grows(Looks()), Verdict::inconclusive);
  Looks twice;
  for (const char* test : {"TestA", "TestB", "TestA", "TestB"}) {
    twice.look("test", {kMain}, test);
    twice.look("test", {kMain}, test);
  }
  EXPECT_EQ(grows(twice), Verdict::inconclusive);
}

TEST(Growth, IsComparedAtTheSameTest) {
  Looks looks;
  for (std::int64_t i = 0; i < 6; ++i) {
    looks.look("test", {{"chan send", "shop.fill", i + 1}}, "TestA");
    looks.look("test", {{"chan send", "shop.fill", i + 1}}, "TestB");
  }
  EXPECT_EQ(grows(looks), Verdict::fail);
}

TEST(Growth, IsNoneOfWhatWasOnlySlowToDie) {
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 4, 5}).look("end", {kMain})),
            Verdict::pass);
  EXPECT_EQ(grows(Looks()
                      .every({1, 2, 3, 4, 5})
                      .look("end", {{"chan send", "shop.fill", 5}})),
            Verdict::fail);
}

TEST(Growth, LeavesOutWhatIsNamed) {
  for (const char* name : {"shop.fill", "fill", "main.start"}) {
    EXPECT_EQ(grows(Looks().every({1, 2, 3, 4, 5}), {name}), Verdict::pass)
        << name;
  }
  EXPECT_EQ(grows(Looks().every({1, 2, 3, 4, 5}), {"shop.spill"}),
            Verdict::fail);
}

TEST(Growth, IsNotDeniedWhereNotAllAreKnown) {
  EXPECT_EQ(grows(Looks().every({1, 1, 1, 1, 1}).unseen("every")),
            Verdict::inconclusive);
}

// A package whose test binary nobody saw is not told to be well.
TEST(Growth, IsAskedOfEachTestBinary) {
  Looks looks;
  looks.every({1, 1, 1, 1, 1});
  Observation other;
  other.fact = Fact::process_started;
  other.link = "test";
  other.pid = kPid + 1;
  looks.add(other);
  EXPECT_EQ(grows(looks), Verdict::inconclusive);
}

TEST(Growth, IsMetBySomeWhereItIsWanted) {
  auto some = [](const Looks& looks) {
    return ask("goroutines", params("grows", text("some")), looks).verdict;
  };
  EXPECT_EQ(some(Looks().every({1, 2, 3, 4, 5})), Verdict::pass);
  EXPECT_EQ(some(Looks().every({1, 1, 1, 1, 1})), Verdict::fail);
  EXPECT_EQ(some(Looks().every({1, 2})), Verdict::inconclusive);
}

TEST(GoroutineLook, IsToldInOneLine) {
  Looks looks;
  looks.look("test", {{"chan send", "shop.fill", 2}}, "TestA");
  const auto& trace = looks.parts.trace;
  EXPECT_EQ(describe(trace[0]), "1 goroutines of test at a look (test): TestA");
  EXPECT_EQ(describe(trace[1]),
            "2 goroutines of test [chan send] in shop.fill (x.go:9)");
  Observation failed = trace[0];
  failed.number = 0;
  failed.text = "it may not be read";
  EXPECT_EQ(describe(failed),
            "test could not be looked at (test): it may not be read");
}

const Group kExits{"running", "", 1, ""};

TEST(Leaked, IsNoneWhereNothingIsLeftAtTheEnd) {
  EXPECT_EQ(leaked(Looks().look("end", {kExits})).verdict, Verdict::pass);
  EXPECT_EQ(leaked(Looks().look("end", {kExits, kMain})).verdict,
            Verdict::pass);
  EXPECT_EQ(leaked(Looks().look("end", {kExits, {"syscall", "os/signal.loop"}}))
                .verdict,
            Verdict::pass);
}

TEST(Leaked, CannotBeToldOfWhatIsLeft) {
  Looks looks;
  looks.look("end", {kExits, {"chan receive", "pool.work", 2}});
  Finding found = leaked(looks);
  EXPECT_EQ(found.verdict, Verdict::inconclusive);
  EXPECT_THAT(found.because,
              HasSubstr("2 goroutines [chan receive] in pool.work"));
  EXPECT_EQ(leaked(looks, {"pool.work"}).verdict, Verdict::pass);
}

TEST(Leaked, CannotBeToldWithoutAWholeLookAtTheEnd) {
  EXPECT_EQ(leaked(Looks().every({1, 1})).verdict, Verdict::inconclusive);
  EXPECT_EQ(leaked(Looks().look("end", {kExits}).unseen("end")).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(leaked(Looks()).verdict, Verdict::inconclusive);
  // Two run: one of them does not exit.
  EXPECT_EQ(leaked(Looks().look("end", {{"running", "", 2, ""}})).verdict,
            Verdict::inconclusive);
}

TEST(Leaked, IsWhatWaitsForEverOrGrows) {
  const Group nil{"chan receive (nil chan)", "shop.wait"};
  EXPECT_EQ(leaked(Looks().look("test", {nil}).look("end", {kExits})).verdict,
            Verdict::fail);
  EXPECT_EQ(leaked(Looks().every({1, 2, 3, 4, 5})).verdict, Verdict::fail);
}

const Group kOne{"sync.Mutex.Lock", "shop.transfer", 2, "main.a", {"5", "6"}};
const Group kIdle{"IO wait", "net.(*netFD).accept"};

TEST(LikelyDeadlock, IsTwoThatWaitForLocksInTwoLooks) {
  Looks looks;
  looks.look("every", {kMain, kOne, kIdle});
  looks.wait(std::chrono::milliseconds(1100));
  looks.hung({kMain, kOne, kIdle});
  EXPECT_EQ(likely(looks).verdict, Verdict::pass);
  EXPECT_EQ(
      ask("goroutines", params("deadlock", text("certain")), looks).verdict,
      Verdict::fail);
}

TEST(LikelyDeadlock, IsAWaitGroupWithNobodyLeft) {
  const Group waits{"sync.WaitGroup.Wait", "shop.all"};
  Looks looks;
  looks.look("every", {kMain, waits});
  looks.wait(std::chrono::milliseconds(1100));
  looks.hung({kMain, waits});
  EXPECT_EQ(likely(looks).verdict, Verdict::pass);
}

TEST(LikelyDeadlock, IsNoneOnTheWordOfOneLook) {
  Looks once;
  once.hung({kOne});
  EXPECT_EQ(likely(once).verdict, Verdict::inconclusive);
  Looks soon;
  soon.look("every", {kOne});
  soon.wait(std::chrono::milliseconds(300));
  soon.hung({kOne});
  EXPECT_EQ(likely(soon).verdict, Verdict::inconclusive);
}

TEST(LikelyDeadlock, IsNoneWhereSomebodyMayComeYet) {
  for (const char* state : {"sleep", "syscall", "runnable", "IO wait"}) {
    const Group other{state, "shop.fetch"};
    Looks looks;
    looks.look("every", {kOne, other});
    looks.wait(std::chrono::milliseconds(1100));
    looks.hung({kOne, other});
    EXPECT_EQ(likely(looks).verdict, Verdict::inconclusive) << state;
  }
}

// SIGQUIT ends it, and it is looked at once more.
TEST(LikelyDeadlock, IsNotSeenInALookAtAnExit) {
  Looks looks;
  looks.look("every", {kOne});
  looks.wait(std::chrono::milliseconds(1100));
  looks.hung({kOne}).look("end", {kOne, kExits, {"running", "shop.f"}});
  EXPECT_EQ(likely(looks).verdict, Verdict::pass);
}

TEST(LikelyDeadlock, IsNoneWhereOthersWaitNow) {
  Group later = kOne;
  later.numbers = {"8", "9"};
  Looks looks;
  looks.look("every", {kOne});
  looks.wait(std::chrono::milliseconds(1100));
  looks.hung({later});
  EXPECT_NE(likely(looks).verdict, Verdict::pass);
  Looks idle;
  idle.look("every", {kMain});
  idle.wait(std::chrono::milliseconds(1100));
  idle.hung({kMain});
  EXPECT_EQ(likely(idle).verdict, Verdict::fail);
}

}  // namespace
}  // namespace faultrig
