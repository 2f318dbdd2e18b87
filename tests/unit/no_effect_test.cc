// A fault that never took effect: what its author is told to go on with.
#include "harness/judge/no_effect.h"

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using Calls = std::vector<std::string>;

constexpr const char* kNever = " was installed but never took effect";

Scenario scenario_of(const std::string& injector, Params params) {
  Scenario scenario;
  scenario.workload.go_test = GoTest{};
  Fault fault;
  fault.injector = fault.name = injector;
  fault.params = std::move(params);
  scenario.faults.push_back(fault);
  return scenario;
}

TraceBuilder run_of(const std::string& injector) {
  TraceBuilder trace;
  trace.fault(injector).add(Fact::process_started, "test");
  return trace;
}

std::string because(const Scenario& scenario, const TraceBuilder& trace) {
  std::string text = why_no_effect(scenario, 0, trace.evidence());
  std::string start = "fault '" + scenario.faults[0].name + "'" + kNever;
  EXPECT_TRUE(text.starts_with(start)) << text;
  return text.substr(std::min(start.size(), text.size()));
}

std::string uncalled(const Calls& calls) {
  return because(scenario_of("syscall", params("call", calls)),
                 run_of("syscall"));
}

TEST(NoEffect, SaysHowMuchMemoryWasUsedOfTheCap) {
  Scenario scenario = scenario_of("memory", params("max", Bytes{8 << 20}));
  TraceBuilder trace = run_of("memory");
  trace.add(Fact::peak_memory, "go", 5 << 20);
  EXPECT_EQ(because(scenario, trace), "");
  trace.add(Fact::peak_memory, "test", 1310720);
  EXPECT_EQ(because(scenario, trace), ": peak 1.2MiB of 8MiB");
  TraceBuilder unstarted;
  unstarted.fault("memory").add(Fact::peak_memory, "test", 0);
  EXPECT_EQ(because(scenario, unstarted), "");
}

TEST(NoEffect, NamesTheCallThatGoMakesInstead) {
  EXPECT_EQ(uncalled({"rename"}),
            ": no call of rename was seen; Go calls renameat instead of "
            "rename");
  EXPECT_EQ(uncalled({"open", "openat"}),
            ": no call of open or openat was seen");
  EXPECT_EQ(uncalled({"dup2"}),
            ": no call of dup2 was seen; Go calls dup3 instead of dup2 (but "
            "for syscall.Dup2)");
}

// What Go makes is never called replaced.
TEST(NoEffect, DoesNotSayThatGoMakesNoCallThatItMakes) {
  for (const char* made : {"fstat", "fsync", "openat", "wait4", "execve"}) {
    EXPECT_EQ(uncalled({made}).find("Go calls"), std::string::npos) << made;
  }
}

TEST(NoEffect, TellsOfDescriptorsThatAreLeftAlone) {
  EXPECT_EQ(uncalled({"write"}),
            ": no call of write was seen; one on descriptor 0, 1 or 2 counts "
            "only with `fd: stdio`");
}

TEST(NoEffect, TellsWhichOtherFilesTheCallWasOn) {
  Scenario scenario =
      scenario_of("syscall", params("call", Calls{"openat"}) +
                                 params("path", std::string("*.db")));
  TraceBuilder trace = run_of("syscall");
  EXPECT_EQ(because(scenario, trace),
            ": no call of openat was seen that its path chose; `calls: {call: "
            "openat}` in expect makes the others seen");
  trace.call("openat", "/a").call("openat", "/a").call("openat", "/b");
  trace.call("read", "/c");
  EXPECT_EQ(because(scenario, trace),
            ": 3 calls of openat were seen, none that its path chose: on '/a', "
            "'/b'");
  Observation sum;
  sum.fact = Fact::calls_untold;
  sum.link = "test";
  sum.call = "openat";
  sum.number = 7;
  trace.add(sum).call("openat", "/c").call("openat", "/d");
  EXPECT_EQ(because(scenario, trace),
            ": 12 calls of openat were seen, none that its path chose: on "
            "'/a', '/b', '/c' and 1 more");
}

TEST(NoEffect, TellsOfTheFaultThatAnsweredFirst) {
  TraceBuilder trace = run_of("syscall");
  trace.call("fsync");
  trace.parts.trace.back().fault = 1;
  EXPECT_EQ(
      because(scenario_of("syscall", params("call", Calls{"fsync"})), trace),
      ": 1 call of fsync was seen, 1 of them answered by another fault");
}

// The kernel answered by itself, or no process was there to call anything.
TEST(NoEffect, ClaimsNothingOfCallsThatNobodyCouldSee) {
  Scenario scenario = scenario_of(
      "syscall", params("call", Calls{"rename"}) + params("static", true));
  EXPECT_EQ(because(scenario, run_of("syscall")),
            ": Go calls renameat instead of rename");
  scenario = scenario_of("syscall", params("call", Calls{"rename"}));
  TraceBuilder trace;
  trace.fault("syscall");
  EXPECT_EQ(because(scenario, trace), "");
}

TEST(NoEffect, TellsWhichProgramsWereStartedInsteadOfAChild) {
  Scenario scenario = scenario_of("signal", {});
  scenario.faults[0].child = "helper";
  TraceBuilder trace = run_of("signal");
  EXPECT_EQ(because(scenario, trace),
            ": no child 'helper' was seen, and nobody started any program");
  trace.call("execve", "/usr/bin/ls");
  EXPECT_EQ(because(scenario, trace),
            ": no child 'helper' was seen; what was started: ls");
  trace.add(Fact::child_seen, "test", 0, "helper");
  EXPECT_EQ(because(scenario, trace),
            ": child helper was seen, and had ended when the signal was due");
}

TEST(NoEffect, KnowsThatGoHoldsOutputBack) {
  Scenario scenario = scenario_of("signal", {});
  scenario.faults[0].when.when = Trigger::When::output;
  scenario.faults[0].when.params = params("output", std::string("ready"));
  std::string held =
      ": its trigger, output ready, never fired; without `flags: [-v]` go "
      "holds output back until the test binary has ended";
  std::string plain = ": its trigger, output ready, never fired";
  EXPECT_EQ(because(scenario, run_of("signal")), held);
  scenario.workload.go_test->flags = {"-short", "-v"};
  EXPECT_EQ(because(scenario, run_of("signal")), plain);
  scenario.workload.go_test->flags = {};
  scenario.workload.go_test->mode = GoTest::Mode::binary;
  EXPECT_EQ(because(scenario, run_of("signal")), plain);
  scenario.workload.go_test.reset();
  EXPECT_EQ(because(scenario, run_of("signal")), plain);
}

}  // namespace
}  // namespace faultrig
