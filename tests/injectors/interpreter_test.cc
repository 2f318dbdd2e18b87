#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "harness/run/session.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string scenario(const std::string& fault) {
  return R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./passes}
faults:
  - interpreter: {)" +
         fault + R"(}
expect:
  - test: never_started
  - go: {exited: 1}
)";
}

TEST(Interpreter, RefusesAnUnknownWayWithASuggestion) {
  EXPECT_THAT(Rig::complaints(scenario("broken: mising")),
              HasSubstr("did you mean 'missing'?"));
}

TEST(Interpreter, RefusesACodeThatGoesWithNothing) {
  EXPECT_THAT(Rig::complaints(scenario("broken: missing, code: 3")),
              StartsWith("5:42: interpreter: code goes with broken: exits"));
}

TEST(Interpreter, RefusesAWorkloadWithoutGo) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: ['true']
faults:
  - interpreter: {broken: missing}
)"),
              HasSubstr("interpreter needs a go_test workload"));
}

TEST(Interpreter, AsksForOneBrokenProgram) {
  Plan plan = Rig::plan(scenario("broken: killed, by: SIGTERM"));
  ASSERT_TRUE(plan.launch.interpreter);
  EXPECT_EQ(plan.launch.interpreter->kind, "killed");
  EXPECT_EQ(plan.launch.interpreter->signal, 15);
  EXPECT_TRUE(plan.launch.links.at(Link::test).rules.empty());
}

TEST(Interpreter, MakesFilesBelowTheRunsFolderOnly) {
  auto folder = Rig::session().make_folder();
  ASSERT_TRUE(folder);
  FakeRun run(folder->path());
  Plan plan = Rig::plan(scenario("broken: exits, code: 7"));
  auto injector =
      std::move(
          find_injector("interpreter")->make({0, plan.scenario.faults[0]}))
          .value();
  ASSERT_TRUE(injector->install(run));
  EXPECT_THAT(run.exec_program, StartsWith(folder->path().string()));
  auto content = read_file(-1, run.exec_program);
  ASSERT_TRUE(content);
  EXPECT_THAT(*content, HasSubstr("ANNOUNCE 0\nexit 7\n"));
}

class InterpreterKind : public ::testing::TestWithParam<const char*> {};

TEST_P(InterpreterKind, KeepsTheTestFromStartingAndSaysSo) {
  std::string yaml = scenario(std::string("broken: ") + GetParam());
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_TRUE(ran.evidence->activated(0));
}

INSTANTIATE_TEST_SUITE_P(
    All, InterpreterKind,
    ::testing::Values("missing", "not_executable", "bad_shebang",
                      "wrong_format", "directory", "exits", "killed", "denied"),
    [](const auto& kind) { return std::string(kind.param); });

TEST(Interpreter, ThatSwallowsTheStatusTurnsRedToGreen) {
  Rig::Told ran = Rig::run(R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./exit255}
golden: false
faults:
  - interpreter: {broken: swallows_status}
expect:
  - test: {exited: 255}
  - go: {exited: 0}
)");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// A test that passes leaves nothing to swallow.
TEST(Interpreter, ThatSwallowsNothingHasNotTakenEffect) {
  Rig::Told ran = Rig::run(R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./passes}
faults:
  - interpreter: {broken: swallows_status}
expect:
  - test: {exited: 0}
)");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

// `go test -n` prints the path of the program and runs nothing, -x both.
TEST(Interpreter, WhosePathIsOnlyPrintedHasNotTakenEffect) {
  Rig::Told printed = Rig::run(R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./passes, flags: [-n]}
faults:
  - interpreter: {broken: missing}
expect:
  - test: never_started
)");
  EXPECT_EQ(printed.judgement.verdict, Verdict::inconclusive)
      << told(printed.judgement);
}

TEST(Interpreter, ThatIsMissingIsToldInEventsToo) {
  Rig::Told ran = Rig::run(R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./passes, flags: [-json, -x]}
faults:
  - interpreter: {broken: missing}
expect:
  - test: never_started
)");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST(Interpreter, WithoutItTheSameExpectationFails) {
  Rig::Told ran = Rig::run_unharmed(scenario("broken: missing"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

}  // namespace
}  // namespace faultrig
