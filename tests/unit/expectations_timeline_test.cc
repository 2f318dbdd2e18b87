// What is made of execution traces that evidence has.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/stepped_clock.h"
#include "harness/model/timeline.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kMs = 1'000'000;

class Traces : public TraceBuilder {
 public:
  Traces& kept(const std::string& go = "26", const std::string& cut = "") {
    Observation head = of(Fact::trace_kept);
    head.names = {go, cut};
    add(head);
    return *this;
  }
  // Functions, the innermost first.
  Traces& waits(const std::string& on, std::int64_t ms, int times,
                const std::vector<std::string>& functions,
                const std::string& unknown = "") {
    Observation seen = of(Fact::waited);
    seen.action = on;
    seen.text = on;
    seen.number = ms * kMs;
    GoStack stack;
    for (const std::string& function : functions) {
      stack.frames.push_back({function, "", 0});
    }
    stack.unknown = unknown;
    seen.stack = std::make_shared<const GoStack>(stack);
    seen.names = {std::to_string(times), "0", "7", "", "8", "shop.unlock"};
    add(seen);
    return *this;
  }
  Traces& more_waits(int times, std::int64_t ms) {
    Observation rest = of(Fact::timeline_untold);
    rest.action = "waited";
    rest.number = times;
    rest.names = {std::to_string(ms * kMs)};
    add(rest);
    return *this;
  }
  Traces& pauses(int times, std::int64_t ms) {
    Observation seen = of(Fact::collected);
    seen.action = "pause";
    seen.number = ms * kMs;
    seen.names = {std::to_string(times), "0"};
    add(seen);
    return *this;
  }
  // Of `goroutines` goroutines: `begin` is a region, `a.f()` a function.
  Traces& steps(const std::vector<std::string>& all, int goroutines = 1,
                bool cut = false) {
    Observation seen = of(Fact::steps_taken);
    seen.number = goroutines;
    seen.text = "goroutine 7";
    seen.action = cut ? kStepsCut : "";
    for (const std::string& one : all) {
      bool is_function = one.ends_with("()");
      std::string name = one.substr(0, one.find("()"));
      seen.names.insert(seen.names.end(),
                        {is_function ? kStepSeen : "region",
                         is_function ? "" : name, is_function ? name : ""});
    }
    add(seen);
    return *this;
  }
  Traces& lost() {
    Observation seen = of(Fact::trace_lost);
    seen.text = "os.Exit ends it before a part of the trace is written";
    add(seen);
    return *this;
  }

 private:
  static Observation of(Fact fact) {
    Observation out;
    out.fact = fact;
    out.link = "test";
    out.pid = 9;
    return out;
  }
};

Finding blocked(const Traces& traces, const Params& more,
                const std::string& on = "sync") {
  return ask("timeline", params("blocked", on) + more, traces);
}

Params longest(NumberTest test) { return params("longest", std::move(test)); }
Params in(const std::string& function) { return params("in", function); }

Traces recorded(const std::string& go = "26", const std::string& cut = "") {
  return Traces()
      .kept(go, cut)
      .waits("sync", 40, 12, {"sync.(*Mutex).Lock", "shop/orders.record"})
      .waits("sync", 90, 1, {"sync.(*WaitGroup).Wait", "shop.main"})
      .waits("channel", 70, 3, {"runtime.chanrecv1", "shop/orders.place"});
}

TEST(TimelineExpected, TellsTheLongestWaitInAFunction) {
  Finding met =
      blocked(recorded(), in("orders.record") + longest(at_most(50 * kMs)));
  EXPECT_EQ(met.verdict, Verdict::pass) << met.because;
  EXPECT_THAT(met.because, HasSubstr("the longest of 12 waits for sync in "
                                     "'orders.record' took 40 ms"));
  EXPECT_EQ(blocked(recorded(), longest(at_most(50 * kMs))).verdict,
            Verdict::fail);
  EXPECT_EQ(blocked(recorded(), longest(at_least(90 * kMs))).verdict,
            Verdict::pass);
  EXPECT_EQ(
      blocked(recorded(), in("orders.*") + longest(at_most(50 * kMs)), "any")
          .verdict,
      Verdict::fail);
}

TEST(TimelineExpected, CountsWaits) {
  EXPECT_EQ(blocked(recorded(), params("count", equal(13))).verdict,
            Verdict::pass);
  EXPECT_EQ(blocked(recorded(), {}, "channel").verdict, Verdict::pass);
  EXPECT_EQ(blocked(recorded(), {}, "select").verdict, Verdict::fail);
  EXPECT_EQ(blocked(recorded(), params("count", equal(0)), "select").verdict,
            Verdict::pass);
}

// A name that is misspelt is met by nothing, and proves nothing.
TEST(TimelineExpected, ProvesNothingByNoWait) {
  EXPECT_EQ(
      blocked(recorded(), in("orders.recrod") + longest(at_most(kMs))).verdict,
      Verdict::inconclusive);
}

TEST(TimelineExpected, AnswersOfACutTraceWhatMoreWouldNotChange) {
  Traces cut = recorded("26", "SIGKILL ends it");
  auto verdict = [&](const Params& more) { return blocked(cut, more).verdict; };
  EXPECT_EQ(verdict(longest(at_most(100 * kMs))), Verdict::inconclusive);
  EXPECT_EQ(verdict(longest(at_most(50 * kMs))), Verdict::fail);
  EXPECT_EQ(verdict(longest(at_least(50 * kMs))), Verdict::pass);
  EXPECT_EQ(verdict(params("count", at_least(10))), Verdict::pass);
  EXPECT_EQ(verdict(params("count", equal(13))), Verdict::inconclusive);
  EXPECT_EQ(verdict(params("count", at_most(10))), Verdict::fail);
  EXPECT_EQ(blocked(recorded().lost(), longest(at_most(100 * kMs))).verdict,
            Verdict::inconclusive);
  Finding none = blocked(Traces().lost(), {});
  EXPECT_EQ(none.verdict, Verdict::inconclusive);
  EXPECT_THAT(none.because, HasSubstr("os.Exit ends it"));
  EXPECT_EQ(blocked(Traces(), {}).verdict, Verdict::inconclusive);
}

TEST(TimelineExpected, DoesNotKnowTheTimeOfCallsInOldTraces) {
  auto verdict = [](const std::string& go, const std::string& on) {
    return blocked(recorded(go), longest(at_most(100 * kMs)), on).verdict;
  };
  EXPECT_EQ(verdict("21", "sync"), Verdict::pass);
  EXPECT_EQ(verdict("21", "any"), Verdict::inconclusive);
  EXPECT_EQ(verdict("22", "any"), Verdict::pass);
  EXPECT_EQ(
      blocked(recorded("19"), params("count", equal(0)), "syscall").verdict,
      Verdict::inconclusive);
}

TEST(TimelineExpected, DoubtsWhatStacksAndSumsDoNotSay) {
  Traces deep = recorded().waits("sync", 60, 2, {"sync.(*Mutex).Lock"}, "cut");
  Params most = longest(at_most(50 * kMs));
  EXPECT_EQ(blocked(deep, in("orders.record") + most).verdict,
            Verdict::inconclusive);
  Traces more = recorded().more_waits(7, 45);
  EXPECT_EQ(blocked(more, in("orders.record") + most).verdict, Verdict::pass);
  EXPECT_EQ(blocked(more, params("count", equal(13))).verdict,
            Verdict::inconclusive);
  Traces stepped = recorded();
  Observation clock;
  clock.fact = Fact::fault_activated;
  clock.action = kStepsClock;
  stepped.add(clock);
  EXPECT_EQ(blocked(stepped, most).verdict, Verdict::inconclusive);
}

TEST(TimelineExpected, TellsPausesOfGarbageCollection) {
  Traces some = Traces().kept().pauses(6, 3);
  auto gc = [](const Traces& traces, const Params& more) {
    return ask("timeline", params("gc", text("pause")) + more, traces).verdict;
  };
  EXPECT_EQ(gc(some, longest(at_most(5 * kMs))), Verdict::pass);
  EXPECT_EQ(gc(some, longest(at_most(2 * kMs))), Verdict::fail);
  EXPECT_EQ(gc(some, params("count", equal(6))), Verdict::pass);
  EXPECT_EQ(gc(Traces().kept(), params("count", equal(0))), Verdict::pass);
  EXPECT_EQ(gc(Traces().kept("26", "cut"), params("count", equal(0))),
            Verdict::inconclusive);
}

Finding order(const Traces& traces, const std::vector<std::string>& names) {
  return ask("timeline", params("order", names), traces);
}

TEST(TimelineOrder, IsKeptByMarks) {
  Finding kept = order(Traces()
                           .kept()
                           .steps({"begin", "commit", "begin", "commit"}, 3)
                           .steps({"other", "begin"}),
                       {"begin", "commit"});
  EXPECT_EQ(kept.verdict, Verdict::pass) << kept.because;
  EXPECT_THAT(kept.because, HasSubstr("in this order, 6 times"));
}

TEST(TimelineOrder, IsBrokenByAMarkWithoutTheOneBefore) {
  for (const std::vector<std::string>& all :
       {std::vector<std::string>{"begin", "commit", "commit"},
        {"commit", "begin"},
        {"begin", "commit", "other", "commit"}}) {
    Finding broken =
        order(Traces().kept().steps(all).steps({"begin"}), {"begin", "commit"});
    EXPECT_EQ(broken.verdict, Verdict::fail) << broken.because;
    EXPECT_THAT(broken.because, HasSubstr("'commit' came without 'begin'"));
  }
  EXPECT_EQ(
      order(Traces().kept().steps({"a", "c", "b"}), {"a", "b", "c"}).verdict,
      Verdict::fail);
}

// Each goroutine by itself.
TEST(TimelineOrder, IsOfOneGoroutine) {
  Traces apart = Traces().kept().steps({"begin"}).steps({"commit"});
  EXPECT_EQ(order(apart, {"begin", "commit"}).verdict, Verdict::fail);
}

TEST(TimelineOrder, OfFunctionsIsSeenToBeKeptButNotToBeBroken) {
  const std::vector<std::string> names{"orders.begin", "orders.commit"};
  Traces kept = Traces().kept().steps(
      {"shop/orders.begin()", "shop/orders.record()", "shop/orders.commit()",
       "shop/orders.record()", "shop/orders.commit()"});
  EXPECT_EQ(order(kept, names).verdict, Verdict::pass)
      << order(kept, names).because;
  Traces unseen = Traces().kept().steps(
      {"shop/orders.begin()", "shop/orders.commit()", "shop/orders.begin()"});
  unseen.steps({"shop/orders.commit()"});
  Finding doubt = order(unseen, names);
  EXPECT_EQ(doubt.verdict, Verdict::inconclusive);
  EXPECT_THAT(doubt.because, HasSubstr("mark it"));
}

TEST(TimelineOrder, ProvesNothingWhereNotAllIsSeen) {
  const std::vector<std::string> names{"begin", "commit"};
  std::vector<std::string> good{"begin", "commit"};
  EXPECT_EQ(order(Traces().kept("26", "killed").steps(good), names).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(order(Traces().kept().steps(good, 1, true), names).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(order(Traces().kept().lost().steps(good), names).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(order(Traces().kept().steps({"begin"}), names).verdict,
            Verdict::inconclusive)
      << "no commit at all";
  EXPECT_EQ(order(Traces().kept().steps({"begin"}).steps({"begin", "x"}),
                  {"begin", "x"})
                .verdict,
            Verdict::pass);
  // What was seen to be wrong is wrong, whatever more there was.
  EXPECT_EQ(
      order(Traces().kept("26", "killed").steps({"begin", "commit", "commit"}),
            names)
          .verdict,
      Verdict::fail);
}

TEST(TimelineFacts, AreToldInWords) {
  Traces all = recorded("26", "SIGKILL ends it");
  all.pauses(6, 3).steps({"begin", "a.f()"}, 2).lost();
  Evidence evidence = all.evidence();
  std::string told;
  for (const Observation& seen : evidence.trace()) {
    told += describe(seen) + "\n";
  }
  EXPECT_THAT(told, HasSubstr("and is cut: SIGKILL ends it"));
  EXPECT_THAT(told, HasSubstr("a goroutine of test waited 40 ms [sync] in "
                              "orders.record, woken in shop.unlock; the "
                              "longest of 12"));
  EXPECT_THAT(told, HasSubstr("a pause of garbage collection of test took 3 "
                              "ms; the longest of 6"));
  EXPECT_THAT(told, HasSubstr("2 goroutines of test: begin, a.f"));
  EXPECT_THAT(told, HasSubstr("the execution trace of test is lost: os.Exit"));
}

}  // namespace
}  // namespace faultrig
