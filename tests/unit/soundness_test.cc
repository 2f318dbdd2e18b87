// Runs that prove nothing, whatever was expected of them; and ends that are our
// own doing.
#include <csignal>

#include <gtest/gtest.h>

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

// A server whose port is taken dies before its fault.
TEST(Soundness, QuotesAWorkloadThatDiedBeforeItsFaultCouldCome) {
  Scenario scenario = go_scenario({"signal"});
  scenario.workload.go_test.reset();
  scenario.faults[0].when.when = Trigger::When::output;
  expect(scenario, "command", params("killed_by", std::int64_t{SIGTERM}));
  TraceBuilder trace;
  trace.fault("signal").add(Fact::process_started, "command");
  trace.exited("command", 1);
  trace.parts.err = "starting\nlisten tcp :80: bind: address in use\n\n";
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_EQ(judgement.findings.at(0).because,
            "its last output: listen tcp :80: bind: address in use");
  trace.parts.err =
      "panic: no config\n\ngoroutine 1 [running]:\nmain.main()"
      "\n\t/x/main.go:3 +0x1d\nexit status 2\n";
  EXPECT_EQ(judge(scenario, trace.evidence()).findings.at(0).because,
            "its last output: panic: no config");
}

TEST(Soundness, DoesNotMissAFaultThatIsOptional) {
  Scenario scenario = go_scenario({"memory"});
  scenario.faults[0].optional = true;
  TraceBuilder trace;
  trace.fault("memory").exited("test", 0).exited("go", 0);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::pass);
}

// A test forged the mark of another one's start.
TEST(Soundness, DoubtsAFaultThatWaitedForATestWhoseStartMayBeForged) {
  Scenario scenario = go_scenario({"signal"});
  scenario.faults[0].when.when = Trigger::When::test;
  TraceBuilder trace;
  trace.fault("signal").took_effect().exited("test", 0).exited("go", 0);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::pass);
  Observation doubt;
  doubt.fact = Fact::not_known;
  doubt.action = "tests";
  doubt.text = "which tests ended how";
  trace.add(doubt);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::inconclusive);
  scenario.faults[0].when.when = Trigger::When::start;
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::pass);
}

// No test had been started: nothing was tried.
TEST(Soundness, ProvesNothingWhenTheTimeWasOverWhileGoCompiled) {
  Scenario scenario = go_scenario({});
  expect(scenario, "test", params("exited", equal(0)));
  TraceBuilder trace;
  trace.add(Fact::process_started, "go");
  trace.add(Fact::deadline_passed, "", 60'000'000'000).exited("go", 2);
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::inconclusive);
  EXPECT_EQ(judgement.findings.at(0).because,
            "trace 1: the deadline of 60.00 s passed at 2 ms, and no test had "
            "been started: go was compiling");
  TraceBuilder later;
  later.add(Fact::process_started, "test").exited("test", 0);
  later.add(Fact::deadline_passed, "", 60'000'000'000, "go was compiling");
  later.exited("go", 2);
  EXPECT_EQ(judge(scenario, later.evidence()).verdict, Verdict::inconclusive);
}

TEST(Soundness, BlamesNoCompilerForAGoThatAFaultHasHit) {
  Scenario scenario = go_scenario({"signal"});
  scenario.faults[0].at = Link::go;
  expect(scenario, "go", params("exited", equal(0)));
  TraceBuilder trace;
  trace.fault("signal").took_effect();
  trace.add(Fact::deadline_passed, "", 60'000'000'000).exited("go", 2);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::fail);
}

Observation of_pid(Fact fact, const std::string& link, std::int64_t number) {
  Observation out;
  out.fact = fact;
  out.link = link;
  out.pid = 7;
  out.number = number;
  return out;
}

// Go answers our SIGQUIT with exit 2.
TraceBuilder hang() {
  TraceBuilder trace;
  trace.add(Fact::deadline_passed, "", 60'000'000'000);
  trace.add(of_pid(Fact::our_signal, "command", SIGQUIT));
  return trace.add(
      of_pid(Fact::process_ended, "command", WaitStatus::of_exit(2).raw()));
}

Scenario command_scenario(const std::string& key, NumberTest number) {
  Scenario scenario;
  scenario.workload.command = {"serve"};
  expect(scenario, "command", params(key, number));
  return scenario;
}

TEST(Soundness, TellsAHangAsOneThatWeStopped) {
  Scenario scenario;
  scenario.workload.command = {"serve"};
  Judgement judgement = judge(scenario, hang().evidence());
  EXPECT_EQ(judgement.observed,
            "command hung (stopped by us with SIGQUIT, then exited 2)");
  ASSERT_EQ(judgement.ends.size(), 1u);
  EXPECT_EQ(judgement.ends[0].how, "hung");
  EXPECT_EQ(judgement.ends[0].our_signal, "SIGQUIT");
}

TEST(Soundness, TakesNoHangForAnExitOfItsOwn) {
  NumberTest not_zero{NumberTest::Operator::unequal, 0};
  Scenario scenario = command_scenario("exited", not_zero);
  EXPECT_EQ(judge(scenario, hang().evidence()).verdict, Verdict::fail);
  scenario = command_scenario("exited", equal(2));
  EXPECT_EQ(judge(scenario, hang().evidence()).verdict, Verdict::pass);
  scenario.faults.emplace_back();
  TraceBuilder trace = hang();
  trace.fault("signal").took_effect();
  Judgement judgement = judge(scenario, trace.evidence());
  EXPECT_EQ(judgement.verdict, Verdict::fail);
  EXPECT_NE(judgement.findings.at(0).because.find("`command: hung`"),
            std::string::npos);
}

// What is no Go program dies of our SIGQUIT, or 2 s later of our SIGKILL.
TraceBuilder death(int signal) {
  TraceBuilder trace;
  trace.add(Fact::deadline_passed, "", 60'000'000'000);
  trace.add(of_pid(Fact::our_signal, "command", signal));
  return trace.add(of_pid(Fact::process_ended, "command",
                          WaitStatus::of_signal(signal).raw()));
}

TEST(Soundness, TakesNoHangForADeathByAnothersSignal) {
  for (int signal : {SIGKILL, SIGQUIT}) {
    Scenario scenario;
    scenario.workload.command = {"serve"};
    expect(scenario, "command", params("killed_by", std::int64_t{signal}));
    TraceBuilder trace = death(signal);
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict,
              signal == SIGQUIT ? Verdict::pass : Verdict::fail);
    scenario.faults.emplace_back();
    trace.fault("signal").took_effect();
    // SIGQUIT is known for ours, unless a fault sends it too.
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict,
              signal == SIGQUIT ? Verdict::pass : Verdict::fail);
    trace.add(of_pid(Fact::signal_sent, "command", signal));
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::fail);
  }
}

// 137 is what a shell shows of an out-of-memory kill.
TEST(Soundness, TakesNoStopOfOursForWhatAShellShows) {
  NumberTest not_zero{NumberTest::Operator::unequal, 0};
  for (const NumberTest& wanted : {equal(137), not_zero}) {
    Scenario scenario = command_scenario("shell", wanted);
    TraceBuilder trace = death(SIGKILL);
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::fail);
  }
  Scenario scenario = command_scenario("shell", not_zero);
  scenario.faults.emplace_back();
  for (TraceBuilder trace : {hang(), death(SIGQUIT), death(SIGKILL)}) {
    trace.fault("signal").took_effect();
    Judgement judgement = judge(scenario, trace.evidence());
    EXPECT_EQ(judgement.verdict, Verdict::fail);
    EXPECT_NE(judgement.findings.at(0).because.find("stopped by us"),
              std::string::npos);
  }
}

// It exits 1 of its own accord, but of a test that we have ended.
TEST(Soundness, TakesNoEndOfGoBehindOurStopForOneOfItsOwn) {
  Scenario scenario = go_scenario({"memory"});
  expect(scenario, "go", params("exited", equal(1)));
  TraceBuilder trace;
  trace.fault("memory").took_effect();
  trace.add(Fact::process_started, "test");
  trace.add(Fact::deadline_passed, "", 60'000'000'000);
  trace.add(of_pid(Fact::our_signal, "test", SIGQUIT));
  trace.add(of_pid(Fact::process_ended, "test", WaitStatus::of_exit(2).raw()));
  trace.exited("go", 1);
  Scenario within = go_scenario({"memory"});
  expect(within, "ended",
         params("within", std::chrono::nanoseconds(std::chrono::hours(1))));
  Scenario known = scenario;
  expect(known, "test", params("ended", std::string("hung")));
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::fail);
  EXPECT_EQ(judge(within, trace.evidence()).verdict, Verdict::fail);
  EXPECT_EQ(judge(known, trace.evidence()).verdict, Verdict::pass);
  Scenario panics = go_scenario({"memory"});
  expect(panics, "panic", params("matches", text("SIGQUIT")));
  Scenario unfinished = go_scenario({"memory"});
  expect(unfinished, "tests",
         params("each",
                std::map<std::string, std::string>{{"TestA", "unfinished"}}));
  trace.parts.err =
      "SIGQUIT: quit\nPC=0x1\n\ngoroutine 1 [running]:\nm.TestA(0x1)\n";
  Observation run;
  run.fact = Fact::test_event;
  run.text = "TestA";
  run.action = "run";
  trace.add(run);
  EXPECT_EQ(judge(panics, trace.evidence()).verdict, Verdict::fail);
  EXPECT_EQ(judge(unfinished, trace.evidence()).verdict, Verdict::fail);
}

// sendfile(2) begins anew after a signal (SA_RESTART), and is asked about
// again.
TEST(Soundness, TakesNoLoopThatItsOwnSignalsKeptUpForAHang) {
  Scenario scenario;
  scenario.workload.command = {"serve"};
  Fault fault;
  fault.injector = fault.name = "syscall";
  fault.params = params("call", std::vector<std::string>{"sendfile"}) +
                 params("signal", std::int64_t{SIGUSR1});
  scenario.faults.push_back(fault);
  expect(scenario, "command", params("ended", std::string("hung")));
  for (std::int64_t times : {3, 5000}) {
    TraceBuilder trace;
    trace.fault("syscall").took_effect();
    Observation more;
    more.fact = Fact::effects_untold;
    more.fault = 0;
    more.number = times;
    trace.add(more);
    trace.add(Fact::deadline_passed, "", 60'000'000'000);
    trace.add(of_pid(Fact::our_signal, "command", SIGQUIT));
    trace.add(
        of_pid(Fact::process_ended, "command", WaitStatus::of_exit(2).raw()));
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict,
              times < 1000 ? Verdict::pass : Verdict::inconclusive);
  }
}

// The write of its dump was the first that the fault met.
TEST(Soundness, TakesNoEffectOnWhatOurStopMadeItDoForOne) {
  Scenario scenario = go_scenario({"syscall"});
  scenario.workload.go_test.reset();
  expect(scenario, "command", params("ended", std::string("hung")));
  for (bool late : {false, true}) {
    TraceBuilder trace;
    Observation effect = of_pid(Fact::fault_activated, "command", 0);
    effect.source = Source::seccomp;
    effect.fault = 0;
    trace.fault("syscall");
    if (!late) {
      trace.add(effect);
    }
    trace.add(Fact::deadline_passed, "", 60'000'000'000);
    trace.add(of_pid(Fact::our_signal, "command", SIGQUIT)).add(effect);
    trace.add(
        of_pid(Fact::process_ended, "command", WaitStatus::of_exit(2).raw()));
    EXPECT_EQ(judge(scenario, trace.evidence()).verdict,
              late ? Verdict::inconclusive : Verdict::pass);
  }
}

TEST(Soundness, CanBeAskedForAHang) {
  Scenario scenario;
  scenario.workload.command = {"serve"};
  expect(scenario, "command", params("ended", std::string("hung")));
  EXPECT_EQ(judge(scenario, hang().evidence()).verdict, Verdict::pass);
  TraceBuilder trace;
  trace.exited("command", 2);
  EXPECT_EQ(judge(scenario, trace.evidence()).verdict, Verdict::fail);
}

// Evidence of before our own signals were told.
TEST(Soundness, FindsTheHangInOldEvidence) {
  TraceBuilder trace;
  trace.add(Fact::deadline_passed, "", 60'000'000'000);
  trace.exited("test", 2).exited("go", 1);
  EXPECT_EQ(judge(go_scenario({}), trace.evidence()).observed,
            "test hung (stopped by us with SIGQUIT, then exited 2), "
            "go exited 1");
}

}  // namespace
}  // namespace faultrig
