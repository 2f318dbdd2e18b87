// What came of the states of a crash, and how that is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

TraceBuilder& tried(TraceBuilder& trace, const std::string& kind, int code,
                    bool lacks) {
  Observation seen;
  seen.fact = Fact::state_tried;
  seen.fault = 0;
  seen.link = "recover";
  seen.action = kind;
  seen.number = WaitStatus::of_exit(code).raw();
  seen.text = kind + ": power went after operation 3 of 9";
  if (lacks) {
    seen.names = {"write of 4 bytes at 0 to 'log'"};
  }
  return trace.add(std::move(seen));
}

Evidence four_states() {
  TraceBuilder trace;
  trace.fault("crash");
  tried(trace, "kept", 0, false);
  trace.exited("recover", 0);
  tried(trace, "synced", 0, true);
  tried(trace, "torn", 4, true);
  trace.exited("recover", 4);
  tried(trace, "torn", 0, true);
  return trace.evidence();
}

Params counting(const std::string& key, std::int64_t number,
                NumberTest::Operator op = NumberTest::Operator::equal) {
  Params params;
  params.set(key, NumberTest{op, number}, {});
  return params;
}

Finding asked(const std::string& key, std::int64_t number,
              const std::string& kind = "") {
  Params params = counting(key, number);
  if (!kind.empty()) {
    params.set("kind", kind, {});
  }
  return find_expectation("states")->check(params, four_states());
}

TEST(States, AreCountedByWhatCameOfThem) {
  EXPECT_EQ(asked("tried", 4).verdict, Verdict::pass);
  EXPECT_EQ(asked("lacking", 3).verdict, Verdict::pass);
  EXPECT_EQ(asked("bad", 1).verdict, Verdict::pass);
  EXPECT_EQ(asked("tried", 3).verdict, Verdict::fail);
  EXPECT_EQ(asked("lacking", 4).verdict, Verdict::fail);
}

TEST(States, AreCountedOfOneKindAlone) {
  EXPECT_EQ(asked("tried", 2, "torn").verdict, Verdict::pass);
  EXPECT_EQ(asked("bad", 0, "synced").verdict, Verdict::pass);
  EXPECT_EQ(asked("bad", 0, "torn").verdict, Verdict::fail);
}

TEST(States, OfAKindThatWasNotTriedProveNothing) {
  for (const char* key : {"bad", "lacking"}) {
    Finding finding = asked(key, 0, "reordered");
    EXPECT_EQ(finding.verdict, Verdict::inconclusive) << key;
    EXPECT_EQ(finding.because, "no reordered state was tried");
  }
  EXPECT_EQ(asked("tried", 0, "reordered").verdict, Verdict::pass);
}

Evidence two_images(int code, bool all) {
  TraceBuilder trace;
  trace.fault("crash");
  tried(trace, "image", 0, true);
  trace.exited("recover", 0);
  tried(trace, "image", code, true);
  trace.exited("recover", code);
  if (!all) {
    Observation unseen;
    unseen.fact = Fact::not_known;
    unseen.action = "image";
    unseen.text = "what was on the disk at 3 moments more";
    trace.add(std::move(unseen));
  }
  return trace.evidence();
}

// A bad one that was found is bad, and enough are enough, whatever the others.
TEST(States, ThatWereNotSeenMayBeBad) {
  Params none = counting("bad", 0);
  Params enough = counting("lacking", 2, NumberTest::Operator::at_least);
  Params well = counting("exited", 0);
  const ExpectationType& states = *find_expectation("states");
  const ExpectationType& recover = *find_expectation("recover");
  EXPECT_EQ(states.check(none, two_images(0, true)).verdict, Verdict::pass);
  EXPECT_EQ(recover.check(well, two_images(0, true)).verdict, Verdict::pass);
  Finding unseen = recover.check(well, two_images(0, false));
  EXPECT_EQ(unseen.verdict, Verdict::inconclusive);
  EXPECT_THAT(unseen.because, HasSubstr("on the disk at 3 moments more"));
  EXPECT_EQ(states.check(none, two_images(0, false)).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(states.check(enough, two_images(0, false)).verdict, Verdict::pass);
  EXPECT_EQ(states.check(none, two_images(3, false)).verdict, Verdict::fail);
  EXPECT_EQ(recover.check(well, two_images(3, false)).verdict, Verdict::fail);
}

TEST(States, AreToldWhereTheyAreBad) {
  Finding finding = asked("bad", 0);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_THAT(finding.because,
              HasSubstr("1 of 4 states are bad: recover did not exit 0"));
  EXPECT_THAT(finding.because,
              HasSubstr("recover exited 4 on a state: torn: power went after "
                        "operation 3 of 9"));
}

TEST(States, AreTheReasonWhyRecoverEndedSo) {
  Params params;
  params.set("exited", NumberTest{NumberTest::Operator::equal, 0}, {});
  Finding finding = find_expectation("recover")->check(params, four_states());
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_THAT(finding.because, HasSubstr("on a state: torn: power went"));
}

TEST(States, WithSomethingUnseenProveNothing) {
  TraceBuilder trace;
  trace.fault("crash");
  trace.took_effect();
  trace.exited("command", 0);
  Observation unseen;
  unseen.fact = Fact::unrecorded;
  unseen.fault = 0;
  unseen.link = "command";
  unseen.call = "mmap";
  unseen.text = "what comes into the file by it is not seen";
  trace.add(std::move(unseen));
  Scenario scenario;
  Fault fault;
  fault.injector = "crash";
  fault.name = "crash";
  scenario.faults.push_back(fault);
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  ASSERT_FALSE(judgement.findings.empty());
  EXPECT_THAT(judgement.findings.front().because,
              HasSubstr("is not all known: mmap of command: what comes into"));
}

}  // namespace
}  // namespace faultrig
