// What came back once a fault was released, and what only looks like it.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

Observation about_fault(Fact fact, const std::string& text = "") {
  Observation seen;
  seen.fact = fact;
  seen.fault = 0;
  seen.text = text;
  return seen;
}

Observation line(const std::string& text) {
  Observation seen;
  seen.fact = Fact::output_line;
  seen.text = text;
  return seen;
}

Params back(const std::string& key, Value value) {
  return params("after", text("disk")) + params(key, std::move(value)) +
         params("within", std::chrono::nanoseconds(100'000'000));
}

TraceBuilder released() {
  TraceBuilder trace;
  trace.fault("syscall", "disk").took_effect();
  return trace.add(line("saved"))
      .add(about_fault(Fact::fault_released, "after 2s"));
}

TEST(Recovered, IsALineThatCameBehindTheRelease) {
  TraceBuilder trace = released();
  Params asked = back("output", text("^saved$"));
  EXPECT_EQ(ask("recovered", asked, trace).verdict, Verdict::fail);
  trace.add(line("saved"));
  Finding found = ask("recovered", asked, trace);
  EXPECT_EQ(found.verdict, Verdict::pass);
  EXPECT_EQ(found.expected, "recovered within 100ms after disk");
}

TEST(Recovered, IsTooLateBehindItsTime) {
  TraceBuilder trace = released().wait(std::chrono::milliseconds(200));
  trace.add(line("saved"));
  Finding found = ask("recovered", back("output", text("saved")), trace);
  EXPECT_EQ(found.verdict, Verdict::fail);
  EXPECT_THAT(found.because, HasSubstr("it came 201 ms after the release"));
}

TEST(Recovered, IsAnAnswerOfTheLoadThatIsNamed) {
  TraceBuilder trace = released();
  Observation again = about_fault(Fact::answered_again);
  again.stream = "reads";
  trace.add(again);
  Params asked = back("requests", text("answered"));
  EXPECT_EQ(ask("recovered", asked, trace).verdict, Verdict::pass);
  EXPECT_EQ(
      ask("recovered", asked + params("of", text("reads")), trace).verdict,
      Verdict::pass);
  Params writes = asked + params("of", text("writes"));
  EXPECT_EQ(ask("recovered", writes, trace).verdict, Verdict::inconclusive);
  Observation due = about_fault(Fact::asked_again);
  due.stream = "writes";
  EXPECT_EQ(ask("recovered", writes, trace.add(due)).verdict, Verdict::fail);
}

// Two faults are released: what came back behind the one says nothing of the
// other.
TEST(Recovered, IsNoAnswerBehindTheReleaseOfAnother) {
  TraceBuilder trace = released();
  Observation due = about_fault(Fact::asked_again);
  trace.add(due);
  Observation again = about_fault(Fact::answered_again);
  again.fault = 1;
  trace.add(again);
  EXPECT_EQ(ask("recovered", back("requests", text("answered")), trace).verdict,
            Verdict::fail);
}

// Where nobody asked in that time, nothing could come.
TEST(Recovered, IsNotKnownWhereNothingWasDueInItsTime) {
  TraceBuilder trace = released().wait(std::chrono::milliseconds(200));
  trace.add(about_fault(Fact::asked_again));
  trace.add(about_fault(Fact::answered_again));
  Finding found = ask("recovered", back("requests", text("answered")), trace);
  EXPECT_EQ(found.verdict, Verdict::inconclusive) << found.because;
  EXPECT_THAT(found.because, HasSubstr("no request was due"));
}

// One that a fault answered shows nothing, and a sum may hide one.
TEST(Recovered, IsACallThatNoFaultAnswered) {
  Params asked = back("call", std::vector<std::string>{"fsync"});
  TraceBuilder trace = released().call("fsync", "", EIO);
  EXPECT_EQ(ask("recovered", asked, trace).verdict, Verdict::fail);
  TraceBuilder summed = trace;
  Observation sum;
  sum.fact = Fact::calls_untold;
  sum.link = "test";
  sum.call = "fsync";
  sum.number = 7;
  EXPECT_EQ(ask("recovered", asked, summed.add(sum)).verdict,
            Verdict::inconclusive);
  EXPECT_EQ(ask("recovered", asked, trace.call("fsync")).verdict,
            Verdict::pass);
}

// Who dies of the outage does not recover; of who is done before, nobody knows.
TEST(Recovered, SaysWhatAnEndBeforeTheReleaseMeans) {
  Params asked = back("output", text("saved"));
  TraceBuilder trace;
  trace.fault("syscall", "disk").took_effect();
  TraceBuilder done = trace;
  EXPECT_EQ(ask("recovered", asked, trace.exited("command", 1)).verdict,
            Verdict::fail);
  EXPECT_EQ(ask("recovered", asked, done.exited("command", 0)).verdict,
            Verdict::inconclusive);
}

Scenario with_until() {
  Scenario scenario;
  scenario.workload.command = {"x"};
  Fault fault;
  fault.injector = "syscall";
  fault.name = "disk";
  fault.at = Link::command;
  fault.until.emplace();
  fault.until->when = Trigger::When::effects;
  fault.until->params.set("effects", std::int64_t{3});
  scenario.faults.push_back(fault);
  return scenario;
}

TEST(Soundness, DoubtsAFaultThatWasReleasedBeforeItTookEffect) {
  TraceBuilder trace;
  trace.fault("syscall", "disk")
      .add(about_fault(Fact::fault_released, "after 1s"))
      .took_effect()
      .exited("command", 0);
  Judgement judged = judge(with_until(), trace.evidence());
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
  EXPECT_THAT(judged.findings.at(0).because,
              HasSubstr("was released before it took effect"));
}

TEST(Soundness, DoubtsAFaultThatWasToBeReleasedAndNeverWas) {
  TraceBuilder trace;
  trace.fault("syscall", "disk").took_effect();
  TraceBuilder died = trace;
  Judgement judged = judge(with_until(), trace.exited("command", 0).evidence());
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
  EXPECT_EQ(judged.findings.at(0).because,
            "fault 'disk' was never released: its until, effects 3, never "
            "came");
  EXPECT_EQ(judge(with_until(), died.exited("command", 1).evidence()).verdict,
            Verdict::pass);
}

}  // namespace
}  // namespace faultrig
