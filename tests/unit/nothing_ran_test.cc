#include "harness/judge/nothing_ran.h"

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

constexpr const char* kNone = "ok  \texample.com/a\t0.01s [no tests to run]\n";

bool nothing_ran(const Scenario& scenario, const Evidence& evidence) {
  return !why_nothing_ran(scenario, evidence).empty();
}

Scenario scenario_of_tests() {
  Scenario scenario;
  scenario.workload.go_test = GoTest{};
  scenario.expect.push_back(
      {"test", params("exited", equal(0)), Place{}, "test: {exited: 0}"});
  return scenario;
}

Evidence green(const std::string& out) {
  TraceBuilder trace;
  trace.parts.out = out;
  return trace.exited("test", 0).exited("go", 0).evidence();
}

TEST(NothingRan, IsNoPass) {
  Judgement judgement = judge(scenario_of_tests(), green(kNone));
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_EQ(judgement.findings.front().because,
            "no test ran: go test found none to run");
}

TEST(NothingRan, IsSeenInEveryFormOfOutput) {
  Scenario scenario = scenario_of_tests();
  EXPECT_TRUE(nothing_ran(scenario,
                          green("testing: warning: no tests to run\nPASS\n")));
  EXPECT_TRUE(nothing_ran(
      scenario, green("{\"Action\":\"output\",\"Output\":\"ok  \\ta\\t0.0s "
                      "[no tests to run]\\n\"}\n")));
  EXPECT_FALSE(nothing_ran(
      scenario, green("{\"Action\":\"run\",\"Test\":\"TestA\"}\n"
                      "{\"Output\":\"ok  \\ta [no tests to run]\\n\"}\n")));
}

TEST(NothingRan, IsNotSaidWhereSomethingRan) {
  Scenario scenario = scenario_of_tests();
  EXPECT_FALSE(nothing_ran(scenario, green("ok  \texample.com/b\t0.01s\n")));
  EXPECT_FALSE(nothing_ran(
      scenario, green(std::string(kNone) + "ok  \texample.com/b\t0.01s\n")));
  EXPECT_FALSE(nothing_ran(scenario, green("")));
  TraceBuilder failed;
  failed.parts.out = kNone;
  EXPECT_FALSE(nothing_ran(scenario, failed.exited("go", 1).evidence()));
}

constexpr const char* kOk = "PASS\nok  \texample.com/b\t0.01s\n";
const std::string kResult = "BenchmarkB-2   \t     100\t        12.3 ns/op\n";

// Where benchmarks are asked for, testing does not say that none was there.
TEST(NothingRan, IsNotDeniedByAPackageWhoseBenchmarkHasAnotherName) {
  for (bool as_argument : {false, true}) {
    Scenario scenario = scenario_of_tests();
    (as_argument ? scenario.workload.go_test->args
                 : scenario.workload.go_test->flags) = {
        as_argument ? "-test.bench=Typo" : "-bench=Typo"};
    EXPECT_TRUE(nothing_ran(scenario, green(kOk)));
    EXPECT_FALSE(nothing_ran(scenario, green(kResult + kOk)));
    EXPECT_FALSE(nothing_ran(
        scenario, green(std::string("=== RUN   TestA\n--- PASS: TestA (0.00s)"
                                    "\n") +
                        kOk)));
  }
  EXPECT_TRUE(nothing_ran(
      scenario_of_tests(),
      green(std::string("testing: warning: no fuzz tests to fuzz\n") + kOk)));
}

TEST(NothingRan, IsKnownByGoflagsAndByWhatTheBinaryWasGiven) {
  TraceBuilder trace;
  Observation started;
  started.fact = Fact::run_started;
  started.action = "-trimpath '-list=.'";
  trace.add(started);
  trace.parts.out = std::string("TestA\n") + kOk;
  trace.exited("test", 0).exited("go", 0);
  EXPECT_EQ(why_nothing_ran(scenario_of_tests(), trace.evidence()),
            "no test ran: with -list they are only named");
  EXPECT_TRUE(nothing_ran(scenario_of_tests(),
                          green("Usage of /tmp/a.test:\n  -test.bench regexp\n"
                                "    \trun only benchmarks\n")));
}

TEST(NothingRan, MayBeWhatIsExpected) {
  Scenario scenario = scenario_of_tests();
  scenario.expect.push_back({"output",
                             params("contains", text("no tests to run")),
                             Place{}, "output: ..."});
  EXPECT_FALSE(nothing_ran(scenario, green(kNone)));
  Scenario command;
  EXPECT_FALSE(nothing_ran(command, green(kNone)));
}

}  // namespace
}  // namespace faultrig
