#include "harness/judge/nothing_ran.h"

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

constexpr const char* kNone = "ok  \texample.com/a\t0.01s [no tests to run]\n";

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
