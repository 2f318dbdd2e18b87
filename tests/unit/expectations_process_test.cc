// How processes ended: test, go, command, oom, ended, leftovers, took_effect.
#include <csignal>

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;

Params killed_by(std::int64_t signal) { return params("killed_by", signal); }
Params exited(NumberTest test) { return params("exited", test); }

Verdict verdict(const std::string& name, const Params& params,
                const TraceBuilder& trace) {
  return ask(name, params, trace).verdict;
}

TEST(Expectations, StandInTheOrderOfTheLanguage) {
  std::vector<std::string> names;
  for (const ExpectationType* type : expectation_types()) {
    names.emplace_back(type->section->name);
  }
  EXPECT_EQ(names, (std::vector<std::string>{
                       "test",        "go",          "command",   "service",
                       "requests",    "drain",       "listener",  "readiness",
                       "connections", "files",       "again",     "oom",
                       "output",      "tests",       "panic",     "goroutines",
                       "profile",     "timeline",    "spans",     "snapshot",
                       "calls",       "took_effect", "recovered", "recover",
                       "states",      "ended",       "leftovers", "sweep"}));
  EXPECT_EQ(find_expectation("nothing"), nullptr);
}

TEST(Expectations, SayOfEachFieldWhatItMeans) {
  for (const ExpectationType* type : expectation_types()) {
    EXPECT_FALSE(type->section->summary.empty()) << type->section->name;
    for (const Field& field : type->section->fields) {
      EXPECT_FALSE(field.summary.empty()) << type->section->name << field.key;
    }
    for (const auto& group : type->section->exactly_one_of) {
      for (std::string_view key : group) {
        EXPECT_NE(find_field(*type->section, key), nullptr) << key;
      }
    }
    std::string_view shorthand = type->section->shorthand;
    EXPECT_TRUE(shorthand.empty() ||
                find_field(*type->section, shorthand) != nullptr);
  }
}

TEST(LinkEnd, ExitedIsTheCodeOfTheLinkItself) {
  TraceBuilder trace;
  trace.exited("test", 255).exited("go", 1);
  EXPECT_EQ(verdict("test", exited(equal(255)), trace), Verdict::pass);
  EXPECT_EQ(verdict("go", exited(equal(1)), trace), Verdict::pass);
  EXPECT_EQ(verdict("go", exited(unequal(0)), trace), Verdict::pass);
  EXPECT_EQ(verdict("test", exited(equal(1)), trace), Verdict::fail);
  EXPECT_EQ(verdict("command", exited(equal(0)), trace), Verdict::fail);
}

TEST(LinkEnd, KilledIsNotExited) {
  TraceBuilder trace;
  trace.killed("command", SIGKILL);
  EXPECT_EQ(verdict("command", killed_by(SIGKILL), trace), Verdict::pass);
  EXPECT_EQ(verdict("command", killed_by(SIGTERM), trace), Verdict::fail);
  EXPECT_EQ(verdict("command", exited(unequal(0)), trace), Verdict::fail);
  trace.parts.trace.clear();
  trace.exited("command", 137);
  EXPECT_EQ(verdict("command", killed_by(SIGKILL), trace), Verdict::fail);
}

TEST(LinkEnd, ShellIsWhatAUserSees) {
  TraceBuilder trace;
  trace.killed("go", SIGTERM);
  EXPECT_EQ(verdict("go", params("shell", equal(143)), trace), Verdict::pass);
  EXPECT_EQ(verdict("go", params("shell", equal(15)), trace), Verdict::fail);
}

TEST(LinkEnd, EachTestBinaryMustHaveEndedSo) {
  TraceBuilder trace;
  trace.exited("test", 0, "a.test").exited("test", 2, "b.test");
  Finding finding = ask("test", exited(equal(0)), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.cites, std::vector<std::size_t>{1});
  EXPECT_EQ(finding.because, "trace 1: test exited 2 at 2 ms");
  EXPECT_EQ(verdict("test", exited(at_most(2)), trace), Verdict::pass);
}

TEST(LinkEnd, NeverStartedWantsNoEndOfThatLink) {
  Params never = params("ended", text("never_started"));
  TraceBuilder trace;
  trace.add(Fact::never_started, "test", 0, "ENOENT").exited("go", 1);
  EXPECT_EQ(verdict("test", never, trace), Verdict::pass);
  EXPECT_EQ(verdict("go", never, trace), Verdict::fail);
  EXPECT_EQ(verdict("test", exited(unequal(0)), trace), Verdict::fail);
  EXPECT_EQ(verdict("test", killed_by(SIGKILL), trace), Verdict::fail);
  EXPECT_EQ(verdict("command", never, trace), Verdict::pass);
}

TEST(LinkEnd, CitesTheSignalBeforeTheEnd) {
  TraceBuilder trace;
  trace.add(Fact::signal_sent, "test", SIGTERM).killed("test", SIGTERM);
  Finding finding = ask("test", exited(equal(0)), trace);
  EXPECT_EQ(finding.expected, "test exited 0");
  EXPECT_EQ(finding.because,
            "trace 0: SIGTERM sent to test at 1 ms; "
            "trace 1: test killed by SIGTERM at 2 ms");
}

TEST(Oom, SumsTheKillsThatTheCgroupCounted) {
  TraceBuilder trace;
  trace.add(Fact::oom_kill, "test", 1).add(Fact::oom_kill, "test", 2);
  EXPECT_EQ(verdict("oom", params("kills", equal(3)), trace), Verdict::pass);
  EXPECT_EQ(verdict("oom", params("kills", equal(2)), trace), Verdict::fail);
  EXPECT_EQ(verdict("oom", params("at_least", std::int64_t{3}), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("oom", params("at_least", std::int64_t{4}), trace),
            Verdict::fail);
}

TEST(Oom, DoesNotTakeAnySigkillForOne) {
  TraceBuilder trace;
  trace.killed("test", SIGKILL);
  trace.parts.err = "signal: killed\nOut of memory: Killed process 1\n";
  EXPECT_EQ(verdict("oom", params("kills", at_least(1)), trace), Verdict::fail);
  EXPECT_EQ(verdict("oom", params("kills", equal(0)), trace), Verdict::pass);
}

TEST(Oom, IsNotFooledByAbsurdNumbers) {
  TraceBuilder trace;
  trace.add(Fact::oom_kill, "test", INT64_MAX)
      .add(Fact::oom_kill, "test", INT64_MAX)
      .add(Fact::oom_kill, "test", -5);
  EXPECT_EQ(verdict("oom", params("kills", equal(0)), trace), Verdict::pass);
}

TEST(TookEffect, CountsTheTimesOfAFault) {
  TraceBuilder trace;
  trace.fault("syscall").took_effect().took_effect();
  Params syscall = params("fault", text("syscall"));
  EXPECT_EQ(verdict("took_effect", syscall, trace), Verdict::pass);
  EXPECT_EQ(verdict("took_effect", syscall + params("times", equal(2)), trace),
            Verdict::pass);
  EXPECT_EQ(verdict("took_effect", syscall + params("times", equal(1)), trace),
            Verdict::fail);
}

TEST(TookEffect, FailsForAFaultThatDidNotOrIsNotThere) {
  TraceBuilder trace;
  trace.fault("syscall").fault("memory").took_effect(1);
  EXPECT_EQ(verdict("took_effect", params("fault", text("syscall")), trace),
            Verdict::fail);
  Finding finding = ask("took_effect", params("fault", text("disk")), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because, "no fault is named 'disk'");
}

Params within(milliseconds time) {
  return params("within", std::chrono::nanoseconds(time));
}

TEST(Ended, CountsFromTheFirstEffectToTheLastEnd) {
  TraceBuilder trace;
  trace.fault("signal").took_effect().wait(milliseconds(49)).exited("test", 0);
  trace.wait(milliseconds(49)).exited("go", 0);
  EXPECT_EQ(verdict("ended", within(milliseconds(100)), trace), Verdict::pass);
  Finding finding = ask("ended", within(milliseconds(99)), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_EQ(finding.because.substr(0, 52),
            "ended 100 ms after the fault, expected within 99ms (");
}

// A workload that hangs has not ended in time, whenever we end it.
TEST(Ended, IsNotMetByOurOwnKill) {
  TraceBuilder trace;
  trace.fault("signal").took_effect();
  trace.add(Fact::deadline_passed);
  trace.add(Fact::our_signal, "command", SIGKILL).killed("command", SIGKILL);
  Finding finding = ask("ended", within(milliseconds(500)), trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_THAT(finding.because, testing::HasSubstr("did not end by itself"));
}

TEST(Ended, CountsFromTheFaultThatIsNamed) {
  TraceBuilder trace;
  trace.fault("memory").fault("signal").took_effect(0);
  trace.wait(milliseconds(500)).took_effect(1).exited("command", 0);
  Params soon = within(milliseconds(10));
  EXPECT_EQ(verdict("ended", soon, trace), Verdict::fail);
  EXPECT_EQ(verdict("ended", soon + params("after", text("signal")), trace),
            Verdict::pass);
}

TEST(Ended, CannotTellWithoutAnEffectAndFailsWithoutAnEnd) {
  TraceBuilder trace;
  trace.fault("signal").exited("test", 0);
  EXPECT_EQ(verdict("ended", within(milliseconds(10)), trace),
            Verdict::inconclusive);
  trace.parts.trace.pop_back();
  trace.took_effect();
  EXPECT_EQ(verdict("ended", within(milliseconds(10)), trace), Verdict::fail);
}

TEST(Ended, FailsWhenTheEndCameFirst) {
  TraceBuilder trace;
  trace.fault("signal").exited("test", 0).took_effect();
  EXPECT_EQ(verdict("ended", within(milliseconds(10)), trace), Verdict::fail);
}

TEST(Leftovers, CountsProcessesThatOutlivedTheWorkload) {
  TraceBuilder trace;
  Params none = params("count", equal(0));
  EXPECT_EQ(verdict("leftovers", none, trace), Verdict::pass);
  trace.add(Fact::leftover, "", 0, "sleep 60");
  Finding finding = ask("leftovers", none, trace);
  EXPECT_EQ(finding.verdict, Verdict::fail);
  EXPECT_NE(finding.because.find("sleep 60"), std::string::npos);
  EXPECT_EQ(verdict("leftovers", params("count", equal(1)), trace),
            Verdict::pass);
}

}  // namespace
}  // namespace faultrig
