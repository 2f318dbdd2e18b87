#include "harness/model/evidence.h"

#include <csignal>

#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

TEST(Observation, HasANameForEveryFactAndBack) {
  for (int i = 0; i <= static_cast<int>(Fact::not_known); ++i) {
    auto fact = static_cast<Fact>(i);
    EXPECT_EQ(fact_named(fact_name(fact)), fact);
  }
  EXPECT_EQ(fact_name(Fact::oom_kill), "oom_kill");
  EXPECT_EQ(fact_name(Fact::run_ended), "run_ended");
  EXPECT_EQ(fact_named("miracle"), std::nullopt);
}

TEST(Observation, HasANameForEverySourceAndBack) {
  for (int i = 0; i <= static_cast<int>(Source::output); ++i) {
    auto source = static_cast<Source>(i);
    EXPECT_EQ(source_named(source_name(source)), source);
  }
  EXPECT_EQ(source_named("hearsay"), std::nullopt);
}

TEST(Observation, IsDescribedInOneLine) {
  TraceBuilder trace;
  trace.killed("test", SIGKILL)
      .add(Fact::signal_sent, "go", SIGTERM)
      .call("openat", "/etc/hosts", EIO)
      .took_effect(0, "oom_kill rose to 1")
      .add(Fact::oom_kill, "test", 2)
      .add(Fact::deadline_passed, "", 2'000'000'000);
  const auto& seen = trace.parts.trace;
  EXPECT_EQ(describe(seen[0]), "test killed by SIGKILL");
  EXPECT_EQ(describe(seen[1]), "SIGTERM sent to go");
  EXPECT_EQ(describe(seen[2]), "openat '/etc/hosts' failed with EIO");
  EXPECT_EQ(describe(seen[3]), "fault 0 took effect: oom_kill rose to 1");
  EXPECT_EQ(describe(seen[3], "memory"),
            "fault 'memory' took effect: oom_kill rose to 1");
  EXPECT_EQ(describe(seen[4]), "2 oom kills in test");
  EXPECT_EQ(describe(seen[5]), "the deadline of 2.00 s passed");
}

TEST(Observation, IsDescribedWithoutRawEscapes) {
  TraceBuilder trace;
  trace.add(Fact::trouble, "", 0, "bad\x1b[31m\nnews");
  EXPECT_EQ(describe(trace.parts.trace[0]), "trouble: bad\\x1b[31m\\nnews");
}

TEST(Observation, IsCutWhereItIsLong) {
  TraceBuilder trace;
  trace.add(Fact::trouble, "", 0, std::string(5000, 'x'));
  EXPECT_LT(describe(trace.parts.trace[0]).size(), 300u);
}

TEST(Evidence, OrdersTheChainTestsFirstThenGo) {
  TraceBuilder trace;
  trace.exited("go", 1).exited("test", 3, "b.test").exited("test", 0, "a.test");
  Evidence evidence = trace.evidence();
  ASSERT_EQ(evidence.exits().size(), 3u);
  EXPECT_EQ(evidence.exits()[0].program, "b.test");
  EXPECT_EQ(evidence.exits()[0].status, WaitStatus::of_exit(3));
  EXPECT_EQ(evidence.exits()[1].program, "a.test");
  EXPECT_EQ(evidence.exits()[2].link, Link::go);
  EXPECT_EQ(evidence.exits()[2].cite, 0u);
}

TEST(Evidence, ShowsALinkThatNeverStarted) {
  TraceBuilder trace;
  trace.add(Fact::never_started, "test", 0, "no such file").exited("go", 1);
  Evidence evidence = trace.evidence();
  ASSERT_EQ(evidence.exits().size(), 2u);
  EXPECT_FALSE(evidence.exits()[0].status.has_value());
  EXPECT_EQ(evidence.exits()[0].why_not_started, "no such file");
}

TEST(Evidence, LeavesProcessesOutsideTheChainOutOfIt) {
  TraceBuilder trace;
  trace.exited("", 0).exited("stranger", 0);
  EXPECT_TRUE(trace.evidence().exits().empty());
}

TEST(Evidence, PutsTheTraceInOrderOfTime) {
  TraceBuilder trace;
  trace.exited("test", 0).exited("go", 0);
  trace.parts.trace[0].at = std::chrono::seconds(9);
  Evidence evidence = trace.evidence();
  EXPECT_EQ(evidence.trace()[0].link, "go");
  EXPECT_EQ(evidence.exits()[0].cite, 1u);
}

TEST(Evidence, FindsFaultsByNameThenByInjector) {
  TraceBuilder trace;
  trace.fault("syscall").fault("syscall", "disk").fault("memory");
  Evidence evidence = trace.evidence();
  EXPECT_EQ(evidence.faults_named("disk"), std::vector<FaultId>{1});
  EXPECT_EQ(evidence.faults_named("syscall"), (std::vector<FaultId>{0, 1}));
  EXPECT_EQ(evidence.faults_named("memory"), std::vector<FaultId>{2});
  EXPECT_TRUE(evidence.faults_named("net").empty());
}

TEST(Evidence, PrefersANameOfTheAuthorToAnInjectors) {
  TraceBuilder trace;
  trace.fault("memory").fault("fds", "memory");
  EXPECT_EQ(trace.evidence().faults_named("memory"), std::vector<FaultId>{1});
}

TEST(Evidence, CountsFactsOfOneFaultOrAll) {
  TraceBuilder trace;
  trace.fault("memory").fault("fds").took_effect(1).took_effect(1);
  Evidence evidence = trace.evidence();
  EXPECT_TRUE(evidence.activated(1));
  EXPECT_FALSE(evidence.activated(0));
  EXPECT_EQ(evidence.count(Fact::fault_activated), 2u);
  EXPECT_EQ(evidence.count(Fact::fault_activated, 0), 0u);
  EXPECT_EQ(evidence.first(Fact::fault_installed, 1), 1u);
  EXPECT_EQ(evidence.first(Fact::trouble), std::nullopt);
}

TEST(Evidence, HoldsTextThatAFileCanHold) {
  TraceBuilder trace;
  trace.add(Fact::trouble, "", 0, "bad \xff byte")
      .add(Fact::trouble, "", 0, std::string(99'999, 'x'));
  Evidence evidence = trace.evidence();
  EXPECT_EQ(evidence.trace()[0].text, "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(evidence.trace()[1].text.size(), 16u << 10);
}

TEST(Verdict, KnowsItsNamesAndWhichIsWorse) {
  for (Verdict verdict :
       {Verdict::pass, Verdict::skipped, Verdict::inconclusive, Verdict::fail,
        Verdict::error}) {
    EXPECT_EQ(verdict_named(verdict_name(verdict)), verdict);
  }
  EXPECT_EQ(verdict_named("maybe"), std::nullopt);
  EXPECT_EQ(worse(Verdict::fail, Verdict::inconclusive), Verdict::fail);
  EXPECT_EQ(worse(Verdict::fail, Verdict::error), Verdict::error);
  EXPECT_EQ(worse(Verdict::pass, Verdict::skipped), Verdict::skipped);
}

TEST(Verdict, IsCountedInTotals) {
  std::vector<Judgement> judgements(3);
  judgements[1].verdict = Verdict::fail;
  Totals totals = totals_of(judgements);
  EXPECT_EQ(totals.of(Verdict::pass), 2u);
  EXPECT_EQ(totals.of(Verdict::fail), 1u);
  EXPECT_EQ(totals.all(), 3u);
}

}  // namespace
}  // namespace faultrig
