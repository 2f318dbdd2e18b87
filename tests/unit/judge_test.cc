#include <csignal>

#include <gtest/gtest.h>

#include "harness/judge/compile_line.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

Scenario go_scenario(const std::vector<std::string>& injectors) {
  Scenario scenario;
  scenario.name = "memory/killed_by_oom";
  scenario.file = "scenarios/memory/killed_by_oom.yaml";
  scenario.workload.go_test = GoTest{};
  for (const std::string& injector : injectors) {
    Fault fault;
    fault.injector = fault.name = injector;
    scenario.faults.push_back(fault);
  }
  return scenario;
}

void expect(Scenario& scenario, const std::string& type, Params params) {
  scenario.expect.push_back(
      {type, std::move(params), Place{}, type + ": {...}"});
}

TraceBuilder oom_run() {
  TraceBuilder trace;
  trace.fault("memory").add(Fact::process_started, "test");
  trace.add(Fact::oom_kill, "test", 1).took_effect();
  return trace.killed("test", SIGKILL).exited("go", 1);
}

TEST(Judge, PassesWhenTheFaultTookEffectAndNothingIsExpected) {
  Judgement judgement = judge(go_scenario({"memory"}), oom_run().evidence());
  EXPECT_EQ(judgement.verdict, Verdict::pass);
  EXPECT_EQ(judgement.observed, "test killed by SIGKILL, go exited 1");
  EXPECT_EQ(judgement.scenario, "memory/killed_by_oom");
  EXPECT_EQ(judgement.file, "scenarios/memory/killed_by_oom.yaml");
}

TEST(Judge, TellsHowOftenEachFaultTookEffect) {
  TraceBuilder trace;
  trace.fault("memory").took_effect().took_effect().fault("fds");
  Observation untold;
  untold.fact = Fact::effects_untold;
  untold.fault = 0;
  untold.number = 40;
  trace.add(untold).exited("test", 0);
  Judgement judgement = judge(go_scenario({"memory", "fds"}), trace.evidence());
  ASSERT_EQ(judgement.faults.size(), 2U);
  EXPECT_EQ(judgement.faults[0].name, "memory");
  EXPECT_EQ(judgement.faults[0].times, 42);
  EXPECT_EQ(judgement.faults[1].times, 0);
}

TEST(Judge, KeepsTheEndOfTheOutputOfWhatDidNotPass) {
  TraceBuilder trace;
  trace.exited("test", 1);
  std::string line = std::string(99, 'x') + "\n";
  for (int i = 0; i < 100; ++i) {
    trace.parts.out += line;
  }
  trace.parts.out += "last";
  trace.parts.err = std::string(10'000, 'y');
  Scenario scenario = go_scenario({});
  EXPECT_EQ(judge(scenario, trace.evidence()).printed.out, "");
  Params params;
  params.set("exited", std::int64_t{0}, Place{1, 1});
  expect(scenario, "test", params);
  scenario.expect.back().place = {7, 5};
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.findings.at(0).place.line, 7);
  EXPECT_TRUE(judgement.printed.out.starts_with(line));
  EXPECT_TRUE(judgement.printed.out.ends_with("last"));
  EXPECT_LT(judgement.printed.out.size(), 6200U);
  EXPECT_EQ(judgement.printed.err.size(), 6144U);
}

// Evidence of a test that exited 0, and of what its witness heard last.
Evidence green_after(const std::string& word) {
  TraceBuilder trace;
  Observation heard;
  heard.fact = Fact::last_word;
  heard.link = "test";
  heard.pid = 7;
  heard.text = word;
  Observation ended;
  ended.fact = Fact::process_ended;
  ended.link = "test";
  ended.pid = 7;
  return trace.add(heard).add(ended).exited("go", 0).evidence();
}

TEST(Judge, NoticesAGreenWithoutAPass) {
  Scenario scenario = go_scenario({});
  EXPECT_EQ(judge(scenario, green_after("")).observed,
            "test exited 0 without a PASS, go exited 0");
  EXPECT_EQ(judge(scenario, green_after("FAIL")).observed,
            "test exited 0 although it said FAIL, go exited 0");
  EXPECT_EQ(judge(scenario, green_after("PASS")).observed,
            "test exited 0, go exited 0");
  scenario.workload.go_test->flags = {"-list=."};
  EXPECT_EQ(judge(scenario, green_after("")).observed,
            "test exited 0, go exited 0");
}

TEST(Judge, ListensItselfWhereTheBinaryRunsAlone) {
  Scenario scenario = go_scenario({});
  scenario.workload.go_test->mode = GoTest::Mode::binary;
  TraceBuilder trace;
  trace.exited("test", 0);
  trace.parts.out = "=== RUN   TestA\n";
  EXPECT_EQ(judge(scenario, trace.evidence()).observed,
            "test exited 0 without a PASS");
  trace.parts.out = "=== RUN   TestA\n--- PASS: TestA (0.00s)\nPASS\n";
  EXPECT_EQ(judge(scenario, trace.evidence()).observed, "test exited 0");
}

TEST(Judge, ShowsEveryAnswerOfAPass) {
  Scenario scenario = go_scenario({"memory"});
  expect(scenario, "oom", params("kills", equal(1)));
  expect(scenario, "go", params("exited", equal(1)));
  Judgement judgement = judge(scenario, oom_run().evidence());
  EXPECT_EQ(judgement.verdict, Verdict::pass);
  ASSERT_EQ(judgement.findings.size(), 2u);
  EXPECT_EQ(judgement.findings[1].expected, "go exited 1");
}

TEST(Judge, DoesNotPassWithoutTheFault) {
  TraceBuilder trace;
  trace.fault("memory").exited("test", 0).exited("go", 0);
  Judgement judgement = judge(go_scenario({"memory"}), trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  ASSERT_EQ(judgement.findings.size(), 1u);
  EXPECT_EQ(judgement.findings[0].because,
            "fault 'memory' was installed but never took effect");
}

TEST(Judge, NamesTheTriggerThatNeverFired) {
  Scenario scenario = go_scenario({"signal"});
  scenario.faults[0].when.when = Trigger::When::listening;
  TraceBuilder trace;
  trace.fault("signal").add(Fact::process_started, "test").exited("test", 0);
  Judgement judgement = judge(scenario, trace.evidence());
  ASSERT_EQ(judgement.findings.size(), 2u);
  EXPECT_EQ(judgement.findings[0].because,
            "the workload ended of its own accord, before its fault could "
            "come: trace 2: test exited 0 at 3 ms");
  EXPECT_EQ(judgement.findings[1].because,
            "fault 'signal' was installed but never took effect: its trigger, "
            "listening, never fired");
}

TEST(Judge, WantsEveryFaultToTakeEffect) {
  TraceBuilder trace = oom_run();
  trace.fault("fds");
  EXPECT_EQ(judge(go_scenario({"memory", "fds"}), trace.evidence()).verdict,
            Verdict::inconclusive);
}

TEST(Judge, FailsOnAnUnmetExpectation) {
  Scenario scenario = go_scenario({"memory"});
  expect(scenario, "test", params("exited", equal(0)));
  expect(scenario, "oom", params("kills", equal(1)));
  Judgement judgement = judge(scenario, oom_run().evidence());
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  ASSERT_EQ(judgement.findings.size(), 1u);
  EXPECT_EQ(judgement.findings[0].expected, "test exited 0");
}

// The same run was FAIL or VOID by what was expected of it.
TEST(Judge, DoesNotFailARunThatProvesNothingAndTellsBoth) {
  Scenario scenario = go_scenario({"memory"});
  expect(scenario, "test", params("killed_by", std::int64_t{SIGKILL}));
  TraceBuilder trace;
  trace.fault("memory").exited("test", 0).exited("go", 0);
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  ASSERT_EQ(judgement.findings.size(), 2u);
  EXPECT_EQ(judgement.findings[0].verdict, Verdict::inconclusive);
  EXPECT_EQ(judgement.findings[1].verdict, Verdict::fail);
}

TEST(Judge, MakesTroubleOfOursAnError) {
  for (Fact fact : {Fact::trouble, Fact::supervision_lost}) {
    TraceBuilder trace = oom_run();
    trace.add(fact, "", 0, "read notification: EBADF");
    Judgement judgement = judge(go_scenario({"memory"}), trace.evidence());
    EXPECT_EQ(judgement.verdict, Verdict::error);
    EXPECT_NE(judgement.findings.at(0).because.find("EBADF"),
              std::string::npos);
  }
}

TEST(Judge, ProvesNothingWhenTheGoldenRunMisbehaved) {
  TraceBuilder trace = oom_run();
  trace.parts.golden = Golden::bad;
  trace.parts.golden_trouble = "go exited 1";
  Judgement judgement = judge(go_scenario({"memory"}), trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_EQ(judgement.findings.at(0).because,
            "without any fault the workload misbehaves too: go exited 1");
}

// What faultrig refused may be why the workload ended so, well or badly.
TEST(Judge, ProvesNothingWhereACallWasRefused) {
  for (int code : {0, 1}) {
    TraceBuilder trace;
    Observation refused;
    refused.fact = Fact::call_refused;
    refused.link = "test";
    refused.call = "io_uring_setup";
    refused.error = ENOSYS;
    trace.fault("syscall").took_effect();
    trace.add(refused).exited("test", code).exited("go", code);
    Scenario scenario = go_scenario({"syscall"});
    expect(scenario, "test", params("exited", equal(0)));
    Judgement judgement = judge(scenario, trace.evidence());
    EXPECT_EQ(judgement.verdict, Verdict::inconclusive) << code;
    EXPECT_NE(judgement.findings.at(0).because.find(
                  "faultrig refused io_uring_setup of test with ENOSYS"),
              std::string::npos);
  }
}

TEST(Judge, ProvesNothingWhereAFaultMayHaveBeenMeant) {
  TraceBuilder trace;
  Observation unread;
  unread.fact = Fact::path_unread;
  unread.fault = 0;
  unread.link = "test";
  unread.call = "openat";
  unread.text = "faultrig could not read its path: EPERM";
  trace.fault("syscall").took_effect();
  trace.add(unread).exited("test", 0).exited("go", 0);
  Scenario scenario = go_scenario({"syscall"});
  expect(scenario, "test", params("exited", equal(0)));
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_NE(judgement.findings.at(0).because.find(
                "was openat of test meant by fault 'syscall': faultrig could "
                "not read its path: EPERM"),
            std::string::npos)
      << judgement.findings.at(0).because;
}

TEST(Judge, RefusesAnExpectationThatItDoesNotKnow) {
  Scenario scenario = go_scenario({});
  expect(scenario, "miracle", {});
  TraceBuilder trace;
  trace.exited("test", 0);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::error);
}

TEST(Judge, QuotesTheCompilerWhenNoTestWasStarted) {
  Scenario scenario = go_scenario({});
  expect(scenario, "test", params("exited", equal(0)));
  TraceBuilder trace;
  trace.exited("go", 1);
  trace.parts.out = "FAIL\tp [build failed]\nFAIL\n";
  trace.parts.err = "# p [p.test]\n./a_test.go:7:2: undefined: x\n";
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.observed, "test never started, go exited 1");
  ASSERT_EQ(judgement.findings.size(), 2u);
  EXPECT_EQ(judgement.findings[1].because,
            "no test binary was started: ./a_test.go:7:2: undefined: x");
}

TEST(Judge, DoesNotBlameTheCompilerForABrokenInterpreter) {
  Scenario scenario = go_scenario({"interpreter"});
  expect(scenario, "go", params("exited", equal(0)));
  TraceBuilder trace;
  trace.fault("interpreter").took_effect();
  trace.add(Fact::never_started, "test", 0, "ENOENT").exited("go", 1);
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_EQ(judgement.findings.size(), 1u);
}

TEST(Judge, TellsOfADeadlineInAFailOnly) {
  TraceBuilder trace = oom_run();
  trace.add(Fact::deadline_passed, "", 60'000'000'000);
  Scenario scenario = go_scenario({"memory"});
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::pass);
  expect(scenario, "go", params("exited", equal(0)));
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.findings.back().because,
            "trace 6: the deadline of 60.00 s passed at 7 ms");
}

TEST(Judge, NamesTestBinariesWhenThereAreMany) {
  TraceBuilder trace;
  for (int i = 0; i < 12; ++i) {
    trace.exited("test", 0, "/tmp/p" + std::to_string(i) + ".test");
  }
  trace.exited("go", 0);
  std::string observed = judge(go_scenario({}), trace.evidence()).observed;
  EXPECT_EQ(observed.substr(0, 40), "test 'p0.test' exited 0, test 'p1.test' ");
  EXPECT_TRUE(observed.ends_with(", ... and 5 more, go exited 0")) << observed;
}

TEST(Judge, SaysWhenACommandNeverStarted) {
  Scenario scenario;
  scenario.workload.command = {"true"};
  TraceBuilder trace;
  EXPECT_EQ(judge(scenario, trace.evidence()).observed,
            "command never started");
}

TEST(Judge, TakesTheTimeOfTheWholeRun) {
  TraceBuilder trace;
  trace.exited("test", 0).add(Fact::run_ended, "", 412'000'000);
  EXPECT_EQ(judge(go_scenario({}), trace.evidence()).took,
            std::chrono::milliseconds(412));
}

TEST(CompileLine, PrefersThePlaceInASourceFile) {
  EXPECT_EQ(compile_line("# p\n./x.go:3:1: syntax error\nFAIL\tp "
                         "[build failed]\n"),
            "./x.go:3:1: syntax error");
  EXPECT_EQ(compile_line("go: cannot find main module\n"),
            "go: cannot find main module");
  EXPECT_EQ(compile_line("FAIL\tp [setup failed]\n./x.go:3:8: package y is "
                         "not in std\n"),
            "./x.go:3:8: package y is not in std");
  EXPECT_EQ(compile_line("FAIL\tp [build failed]\n"), "FAIL p [build failed]");
  EXPECT_EQ(compile_line("PASS\nok p\n"), "");
}

// As go test of Go 1.26 says it, on stderr and stdout.
TEST(CompileLine, SaysWhichPackageIsNotThereRatherThanThatItFailed) {
  EXPECT_EQ(compile_line("# ./store\nstat /m/store: directory not found\n"
                         "FAIL\t./store [setup failed]\nFAIL\n"),
            "stat /m/store: directory not found");
  EXPECT_EQ(compile_line("# ./empty\nno Go files in /m/empty\n"
                         "FAIL\t./empty [setup failed]\nFAIL\n"),
            "no Go files in /m/empty");
  EXPECT_EQ(compile_line("# m/x\npackage m/x is not in std (/go/src/m/x)\n"
                         "FAIL\tm/x [setup failed]\nFAIL\n"),
            "package m/x is not in std (/go/src/m/x)");
}

TEST(Judge, SaysWhenARunWasLaunchedIfTheEvidenceKnows) {
  TraceBuilder trace;
  trace.add(Fact::run_started, "", 1700000000000000000);
  EXPECT_EQ(judge(Scenario(), trace.evidence()).started,
            std::chrono::nanoseconds(1700000000000000000 - 1000000));
  TraceBuilder older;
  older.add(Fact::run_started);
  EXPECT_EQ(judge(Scenario(), older.evidence()).started.count(), 0);
}

}  // namespace
}  // namespace faultrig
