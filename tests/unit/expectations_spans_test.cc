// What is made of spans that evidence has.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/expectation.h"
#include "harness/model/span.h"
#include "harness/model/stepped_clock.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

constexpr std::int64_t kMillisecond = 1'000'000;

// Each fact comes a millisecond after the last.
class Spans : public TraceBuilder {
 public:
  explicit Spans(const std::string& injector = "syscall") {
    fault(injector, "slow");
  }
  // One that has just ended.
  Spans& span(const std::string& name, const std::string& status,
              std::int64_t took_ms, std::int64_t pid = 0) {
    Observation seen;
    seen.fact = Fact::span;
    seen.link = "test";
    seen.text = name;
    seen.action = status;
    seen.number = took_ms * kMillisecond;
    seen.pid = pid;
    seen.names = names;
    add(seen);
    return *this;
  }
  // The fault did something to this process.
  Spans& effect(std::int64_t pid = 0, Source source = Source::seccomp) {
    Observation seen;
    seen.fact = Fact::fault_activated;
    seen.fault = 0;
    seen.pid = pid;
    seen.source = source;
    add(seen);
    return *this;
  }
  // It answers calls, each of which is told.
  Spans& call_by_call(const std::string& action = "error") {
    Observation seen;
    seen.fact = Fact::call_intercepted;
    seen.fault = 0;
    seen.action = action;
    add(seen);
    return *this;
  }
  Spans& released() {
    Observation seen;
    seen.fact = Fact::fault_released;
    seen.fault = 0;
    add(seen);
    return *this;
  }
  Spans& lost() {
    add(Fact::spans_lost, "test", 0, "SIGKILL ends it");
    return *this;
  }

  std::vector<std::string> names;  // of the spans that come next
};

const Params kGet = params("name", text("GET *"));
const Params kDuring = params("during", text("slow"));
const Params kNone = params("count", equal(0));

Verdict asked(const Spans& trace, const Params& params) {
  return ask("spans", params, trace).verdict;
}

Params count(NumberTest test) { return params("count", std::move(test)); }
Params longest(NumberTest test) {
  test.number *= kMillisecond;
  return params("longest", std::move(test));
}

TEST(SpansExpected, AreThoseOfTheNameAndTheStatus) {
  Spans trace;
  trace.span("GET /a", "error", 1).span("GET /b", "unset", 1);
  EXPECT_EQ(asked(trace, kGet), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + count(equal(2))), Verdict::pass);
  Params failed = kGet + params("status", text("error"));
  EXPECT_EQ(asked(trace, failed + count(equal(1))), Verdict::pass);
  EXPECT_EQ(asked(trace, failed + count(equal(2))), Verdict::fail);
  EXPECT_EQ(asked(trace, params("name", text("POST"))), Verdict::fail);
}

TEST(SpansExpected, AreCalledByAGlobOrByThatVeryName) {
  Spans trace;
  trace.span("GET /[id]", "unset", 1);
  EXPECT_EQ(asked(trace, params("name", text("GET /[id]"))), Verdict::pass);
}

TEST(SpansExpected, LeaveOpenHowManyWereWhereSomeAreLost) {
  Spans trace;
  trace.span("GET /", "unset", 1).lost();
  EXPECT_EQ(asked(trace, params("name", text("POST")) + kNone),
            Verdict::inconclusive);
  EXPECT_EQ(asked(trace, params("name", text("POST"))), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + count(at_least(1))), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + kNone), Verdict::fail) << "one came";
  EXPECT_EQ(asked(trace, kGet + count(equal(1))), Verdict::inconclusive);
  EXPECT_THAT(ask("spans", kGet + count(at_most(1)), trace).because,
              HasSubstr("SIGKILL ends it"));
}

TEST(SpansExpected, MayBeHeldByWhatOutlivedTheWorkload) {
  Spans trace;
  trace.span("GET /", "unset", 1).add(Fact::leftover);
  EXPECT_EQ(asked(trace, params("name", text("POST")) + kNone),
            Verdict::inconclusive);
}

TEST(SpansExpected, AreNotNoneOfAProgramThatExportsNone) {
  EXPECT_THAT(ask("spans", kGet + kNone, Spans()).because,
              HasSubstr("nothing shows that the workload exports spans"));
  EXPECT_EQ(asked(Spans(), kGet + kNone), Verdict::inconclusive);
  EXPECT_EQ(asked(Spans(), kGet), Verdict::fail);
}

TEST(SpansExpected, AreDuringAFaultThatTookEffectWhileTheyWent) {
  Spans trace;
  trace.span("GET /before", "unset", 1).wait(milliseconds(50));
  trace.call_by_call()
      .effect()
      .span("GET /it", "unset", 10)
      .wait(milliseconds(50));
  trace.span("GET /behind", "unset", 10);
  EXPECT_EQ(asked(trace, kGet + kDuring + count(equal(1))), Verdict::pass);
  EXPECT_EQ(asked(trace, params("name", text("GET /it")) + kDuring),
            Verdict::pass);
}

TEST(SpansExpected, AreDuringAFaultUpToItsRelease) {
  Spans trace;
  trace.effect().wait(milliseconds(50));
  trace.span("GET /within", "unset", 10).released().wait(milliseconds(50));
  trace.span("GET /behind", "unset", 10);
  EXPECT_EQ(asked(trace, kGet + kDuring + count(equal(1))), Verdict::pass);
}

TEST(SpansExpected, AreNotDuringWhatAFaultDidToAnotherProcess) {
  Spans trace;
  trace.call_by_call().effect(7).effect(8).span("GET /", "unset", 10, 9);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive)
      << "nobody saw that number: it may be of another namespace";
  Observation started;
  started.fact = Fact::process_started;
  started.pid = 9;
  trace.add(started);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::fail);
}

TEST(SpansExpected, MayBeDuringWhatWasToldLate) {
  Spans trace;
  trace.span("GET /", "unset", 10).effect(0, Source::kernel);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + kDuring + longest(at_most(5))),
            Verdict::inconclusive);
  Spans exact;
  exact.span("GET /", "unset", 10).effect();
  EXPECT_EQ(asked(exact, kGet + kDuring), Verdict::fail);
}

TEST(SpansExpected, MayBeDuringAnEffectThatIsNotToldOneByOne) {
  Spans trace;
  Observation untold;
  untold.fact = Fact::effects_untold;
  untold.fault = 0;
  untold.number = 3;
  trace.effect().wait(milliseconds(50));
  trace.span("GET /", "unset", 10).add(untold);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive);
}

TEST(SpansExpected, MayBeDuringWhatWasProvedWhenTheRunWasOver) {
  Spans trace;
  trace.span("GET /", "unset", 10).add(Fact::run_ended);
  trace.wait(milliseconds(50)).took_effect();
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + kDuring + kNone), Verdict::inconclusive);
}

TEST(SpansExpected, TookSoLongAtTheMost) {
  Spans trace;
  trace.span("GET /", "unset", 100).span("GET /", "unset", 300);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(300))), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(299))), Verdict::fail);
  EXPECT_EQ(asked(trace, kGet + longest(at_least(300))), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + longest(at_least(301))), Verdict::fail);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(300)) + count(equal(1))),
            Verdict::fail);
  EXPECT_EQ(asked(trace, params("name", text("x")) + longest(at_most(1))),
            Verdict::inconclusive);
  trace.lost();
  EXPECT_EQ(asked(trace, kGet + longest(at_most(300))), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(299))), Verdict::fail);
  EXPECT_EQ(asked(trace, kGet + longest(at_least(300))), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + longest(at_least(301))), Verdict::inconclusive);
}

TEST(SpansExpected, MayHaveBeenOfAProcessThatTheKernelKilled) {
  Spans trace;
  trace.span("GET /", "unset", 1).add(Fact::oom_kill, "test", 1);
  EXPECT_EQ(asked(trace, params("name", text("POST")) + kNone),
            Verdict::inconclusive);
}

TEST(SpansExpected, SayNothingOfTimeWhereAClockWasStepped) {
  Spans trace;
  trace.fault("clock").fault("freeze");
  trace.span("GET /", "unset", 10).effect().span("GET /", "unset", 5);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(50))), Verdict::pass);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::pass);
  trace.took_effect(2);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(50))), Verdict::pass);
  Observation stepped;
  stepped.fact = Fact::fault_activated;
  stepped.fault = 1;
  stepped.action = kStepsClock;
  trace.add(stepped);
  EXPECT_EQ(asked(trace, kGet + longest(at_most(50))), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + longest(at_least(1))), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + kDuring + kNone), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet + count(equal(2))), Verdict::pass);
}

TEST(SpansExpected, MayBeDuringWhatIsToldOnceAndGoesOn) {
  Spans trace("dependency");
  trace.call_by_call("redirect").effect().wait(milliseconds(50));
  trace.span("GET /", "error", 10);
  EXPECT_EQ(asked(trace, kGet + kDuring + kNone), Verdict::inconclusive);
  Spans each;
  each.call_by_call().effect().wait(milliseconds(50));
  each.span("GET /", "error", 10);
  EXPECT_EQ(asked(each, kGet + kDuring + kNone), Verdict::pass);
}

TEST(SpansExpected, HaveEdgesAsCoarseAsTheirClock) {
  Spans trace;
  trace.names = std::vector<std::string>(kSpanNames + 1);
  trace.names[kSpanClock] = kCoarseClock;
  trace.effect().span("GET /", "unset", 1);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive) << "a start";
  EXPECT_EQ(asked(trace, kGet + kDuring + kNone), Verdict::inconclusive);
  trace.effect().wait(milliseconds(1));
  trace.span("GET /", "unset", 9);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::pass);
  Spans late;
  late.names = trace.names;
  late.span("GET /", "unset", 1).effect();
  EXPECT_EQ(asked(late, kGet + kDuring + kNone), Verdict::inconclusive);
}

TEST(SpansExpected, MayHaveBegunAfterWhatACounterToldLate) {
  Spans trace;
  trace.effect(0, Source::kernel).span("GET /", "unset", 5);
  EXPECT_EQ(asked(trace, kGet + kDuring), Verdict::inconclusive);
}

TEST(SpansExpected, AreNotComparedWithAFaultThatTookNoEffect) {
  Spans trace;
  trace.span("GET /", "unset", 1);
  EXPECT_EQ(asked(trace, kGet + kDuring + kNone), Verdict::inconclusive);
  EXPECT_THAT(ask("spans", kGet + kDuring, trace).because,
              HasSubstr("took no effect"));
}

TEST(SpansExpected, MayHaveAnotherNameWhereItIsCut) {
  Spans trace;
  trace.span("GET " + std::string(kLongestSpanText - 4, 'x'), "error", 1);
  Params end = params("name", text("*/orders"));
  EXPECT_EQ(asked(trace, end + kNone), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, params("name", text("*x"))), Verdict::inconclusive);
  EXPECT_EQ(asked(trace, kGet), Verdict::pass);
  EXPECT_EQ(asked(trace, end + params("status", text("ok")) + kNone),
            Verdict::pass);
}

TEST(SpansSeen, AreDescribedOnOneLineThatNoTerminalObeys) {
  Observation seen;
  seen.fact = Fact::span;
  seen.text = "GET \x1b[2J\n";
  seen.stream = "orders";
  seen.action = "error";
  seen.number = 5 * kMillisecond;
  seen.names = {"11", "22", "", "server", "", "*url.Error"};
  EXPECT_EQ(describe(seen),
            "span GET \\x1b[2J\\n of orders, error, took 5 ms: *url.Error");
  seen.names.emplace_back(kCoarseClock);
  EXPECT_THAT(describe(seen), HasSubstr(": *url.Error"));
  seen.names = {"11"};
  EXPECT_EQ(describe(seen), "span GET \\x1b[2J\\n of orders, error, took 5 ms");
  Observation lost;
  lost.fact = Fact::spans_lost;
  lost.link = "test";
  lost.number = 3;
  lost.text = "why";
  EXPECT_EQ(describe(lost), "3 spans of test are lost: why");
}

}  // namespace
}  // namespace faultrig
