// Words for who did what: we, a fault, or the service by itself.
#include <csignal>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/link_text.h"
#include "harness/report/shutdown_table.h"
#include "harness/sweep/findings.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using End = StopOutcome::End;

// A service that at its deadline we ask to end, told to stop before or not.
Evidence at_deadline(bool told) {
  TraceBuilder trace;
  trace.add(Fact::process_started, "service");
  if (told) {
    trace.add(Fact::signal_sent, "service", SIGTERM);
  }
  trace.add(Fact::deadline_passed, "", 5'000'000'000);
  trace.add(Fact::goroutines_seen, "service", 1);
  trace.parts.trace.back().action = "chan receive";
  trace.parts.trace.back().stack = std::make_shared<const GoStack>(
      GoStack{{{"main.main", "/x/main.go", 9}}, ""});
  trace.add(Fact::our_signal, "service", SIGQUIT);
  trace.exited("service", 2);
  return trace.evidence();
}

LinkEnd at_the_deadline(bool told) { return at_deadline(told).exits().front(); }

TEST(ToldWords, WhereItStoodIsToldOfWhatHungAlone) {
  Scenario scenario;
  scenario.workload.service.emplace();
  EXPECT_EQ(judge(scenario, at_deadline(true)).printed.hanging.size(), 1U);
  EXPECT_EQ(judge(scenario, at_deadline(false)).printed.hanging.size(), 0U);
}

TEST(ToldWords, AServiceThatWasNeverToldToStopIsNotHung) {
  EXPECT_EQ(end_words(at_the_deadline(true)),
            "hung (stopped by us with SIGQUIT, then exited 2)");
  EXPECT_EQ(end_words(at_the_deadline(false)),
            "stopped by us with SIGQUIT, then exited 2");
  EXPECT_EQ(judged_end(at_the_deadline(false)).how, "stopped");
}

TEST(ToldWords, AServiceThatNeverGotReadyHungOnlyByAFault) {
  auto words = [](bool harmed) {
    TraceBuilder trace;
    trace.fault("syscall").add(Fact::process_started, "service");
    if (harmed) {
      trace.took_effect();
    }
    trace.add(Fact::service_unready, "service", 0, "nothing listens");
    trace.add(Fact::our_signal, "service", SIGKILL);
    trace.killed("service", SIGKILL);
    return end_words(trace.evidence().exits().front());
  };
  EXPECT_EQ(words(true),
            "hung (stopped by us with SIGKILL, then killed by SIGKILL)");
  EXPECT_EQ(words(false), "stopped by us with SIGKILL, then killed by SIGKILL");
}

std::string because_of(bool told) {
  Scenario scenario;
  scenario.workload.service.emplace();
  scenario.faults.resize(2);
  scenario.faults[0].name = "term";
  scenario.faults[1].name = "late";
  scenario.faults[1].when.when = Trigger::When::ready;
  TraceBuilder trace;
  trace.parts.golden = Golden::good;
  trace.fault("signal", "term").fault("signal", "late").took_effect(0);
  if (told) {
    trace.add(Fact::signal_sent, "service", SIGTERM);
  }
  trace.exited("service", 0);
  Judgement judged = judge(scenario, trace.evidence());
  EXPECT_EQ(judged.verdict, Verdict::inconclusive);
  return judged.findings.front().because;
}

TEST(ToldWords, WhoWasSentASignalHasNotEndedByItself) {
  EXPECT_THAT(because_of(true),
              AllOf(HasSubstr("ended after a signal had been sent to it, "
                              "before a later fault could come"),
                    HasSubstr("SIGTERM sent to service"),
                    HasSubstr("service exited 0")));
  EXPECT_THAT(because_of(false), HasSubstr("of its own accord"));
}

ShutdownMap map_of(const std::vector<StopOutcome>& idle) {
  ShutdownMap map;
  Instant ready;
  ready.phase = Phase::ready;
  ready.tie = Instant::Tie::ready;
  map.points.push_back({ready, idle});
  return map;
}

TEST(ToldWords, AMapSaysHowItEndedInASentence) {
  ShutdownMap map = map_of({{End::own_hand, SIGTERM}});
  conclude_map(map);
  EXPECT_THAT(map.because,
              HasSubstr("told to stop when idle, it handled it and was then "
                        "killed by its own hand"));
  map.asked.graceful = Graceful::any;
  conclude_map(map);
  EXPECT_THAT(map.because, HasSubstr("it handled it and was then killed by its "
                                     "own hand once it listened"));
  EXPECT_EQ(end_clause("exited 0"), "exited 0");
  EXPECT_EQ(end_clause("killed unhandled"), "was killed unhandled");
}

TEST(ToldWords, AMapSaysHowItWasReadyOrNothingOfIt) {
  Recording golden;
  golden.ready = std::chrono::milliseconds(74);
  EXPECT_EQ(golden_text(golden), "ready after 74 ms, 0 calls until then");
  golden.how = "output";
  EXPECT_EQ(golden_text(golden),
            "ready after 74 ms (output), 0 calls until then");
  golden.trouble = "nothing listens";
  EXPECT_EQ(golden_text(golden), "not ready: nothing listens");
  // It may have been, and what was recorded was its stop.
  golden.trouble = "interrupted while a start and a stop were recorded";
  EXPECT_EQ(golden_text(golden), golden.trouble);
}

// Else "no finding" would be read as if all had been told.
TEST(ToldWords, AMapSaysHowManyTriesCouldNotBeTold) {
  StopOutcome clean{End::exited, 0};
  StopOutcome unknown;
  unknown.why = "whether each request that it had read was answered whole";
  ShutdownMap map = map_of({clean, unknown, clean});
  conclude_map(map);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean);
  EXPECT_THAT(
      map.remarks,
      Contains(StartsWith(
          "in 1 of 3 tries it could not be told: whether each request")));
  map = map_of({clean, clean});
  conclude_map(map);
  EXPECT_THAT(map.remarks, Not(Contains(HasSubstr("could not be told"))));
  // That is the verdict itself.
  map = map_of({unknown});
  conclude_map(map);
  EXPECT_EQ(map.because, unknown.why);
}

}  // namespace
}  // namespace faultrig
