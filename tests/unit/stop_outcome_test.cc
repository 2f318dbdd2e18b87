// How a service ended that was told to stop, from what the kernel saw.
#include "harness/sweep/stop_outcome.h"

#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using End = StopOutcome::End;

TraceBuilder started(int faults = 1) {
  TraceBuilder trace;
  for (int i = 0; i < faults; ++i) {
    trace.fault("signal", "stop" + std::to_string(i));
  }
  Observation start;
  start.fact = Fact::process_started;
  start.link = "service";
  start.pid = 42;
  return trace.add(std::move(start));
}

TraceBuilder& tell(TraceBuilder& trace, int fault = 0) {
  Observation sent;
  sent.fact = Fact::signal_sent;
  sent.fault = fault;
  sent.link = "service";
  sent.number = SIGTERM;
  return trace.add(std::move(sent));
}

TraceBuilder told() {
  TraceBuilder trace = started();
  return tell(trace);
}

TraceBuilder& ends(TraceBuilder& trace, WaitStatus status, int pid = 42) {
  Observation end;
  end.fact = Fact::process_ended;
  end.link = "service";
  end.pid = pid;
  end.number = status.raw();
  return trace.add(std::move(end));
}

TraceBuilder& calls(TraceBuilder& trace, const std::string& name) {
  trace.call(name);
  trace.parts.trace.back().link = "service";
  return trace;
}

StopOutcome outcome(const TraceBuilder& trace) {
  return stop_outcome(trace.evidence(), trace.parts.injectors.size());
}

// A fault beside tells it nothing, and what of it took no effect is said.
TEST(StopOutcome, IsThatOfOneThatWasToldWhateverStandsBeside) {
  TraceBuilder trace = told();
  trace.fault("dependency", "db").fault("disk", "full").took_effect(2);
  Evidence evidence = ends(trace, WaitStatus::of_exit(0)).evidence();
  StopOutcome out = stop_outcome(evidence, 1);
  EXPECT_EQ(out.text(), "exited 0");
  EXPECT_THAT(out.without, ElementsAre("db"));
}

// Counted by one name, two without effect would be as many as two tries.
TEST(StopOutcome, TellsFaultsOfOneNameApart) {
  TraceBuilder trace = told();
  trace.fault("dependency").fault("disk").fault("dependency");
  trace.took_effect(1);
  Evidence evidence = ends(trace, WaitStatus::of_exit(0)).evidence();
  EXPECT_THAT(stop_outcome(evidence, 1).without,
              ElementsAre("disk", "dependency 2"));
}

TEST(StopOutcome, IsTheExitCode) {
  TraceBuilder trace = told();
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(3)));
  EXPECT_EQ(out.text(), "exited 3");
  EXPECT_EQ(out.took, std::chrono::milliseconds(1));
}

TEST(StopOutcome, IsUnhandledWhereTheSignalItselfKilledIt) {
  TraceBuilder trace = told();
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_signal(SIGTERM))).end,
            End::unhandled);
}

TEST(StopOutcome, IsByItsOwnHandWhereItSentTheSignalAgain) {
  TraceBuilder trace = told();
  calls(trace, "listen");
  calls(trace, "kill");
  trace.parts.trace.back().text = "SIGTERM to itself";
  trace.parts.trace.back().pid = 42;
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_signal(SIGTERM))).end,
            End::own_hand);
}

TEST(StopOutcome, NamesAnotherSignal) {
  TraceBuilder trace = told();
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_signal(SIGSEGV))).text(),
            "killed by SIGSEGV");
}

// Our SIGKILL, and whatever it exited with when we had asked.
TEST(StopOutcome, IsHungWhereWeKilledIt) {
  for (WaitStatus status :
       {WaitStatus::of_signal(SIGKILL), WaitStatus::of_exit(2)}) {
    TraceBuilder trace = told();
    trace.add(Fact::grace_passed, "service");
    Observation ours;
    ours.fact = Fact::our_signal;
    ours.link = "service";
    ours.pid = 42;
    ours.number = SIGKILL;
    trace.add(std::move(ours));
    EXPECT_EQ(outcome(ends(trace, status)).end, End::hung);
  }
}

TEST(StopOutcome, CountsRequestsByWhatBecameOfThem) {
  TraceBuilder trace = told();
  auto request = [&](const std::string& action, const std::string& where,
                     Fact fact = Fact::request, int number = 0) {
    Observation seen;
    seen.fact = fact;
    seen.action = action;
    seen.text = where;
    seen.number = number;
    trace.add(std::move(seen));
  };
  request("answered", "before", Fact::request, 200);
  request("answered", "before", Fact::requests_untold, 7);
  request("cut", "answering");
  request("reset", "read, unanswered");
  request("reset", "backlog");
  request("refused", "after");
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
  EXPECT_EQ(out.requests.answered, 8U);
  EXPECT_EQ(out.requests.cut, 1U);
  EXPECT_EQ(out.requests.reset, 2U);
  EXPECT_EQ(out.requests.refused, 1U);
  EXPECT_EQ(out.requests.lost, 2U);
  EXPECT_EQ(out.text(), "exited 0, requests lost");
}

// Bytes that are no HTTP are no answer to what it had read.
TEST(StopOutcome, LosesWhatIsAnsweredByGarbage) {
  TraceBuilder trace = told();
  Observation seen;
  seen.fact = Fact::request;
  seen.action = "wrong";
  seen.text = "read, unanswered";
  trace.add(seen);
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_exit(0))).requests.lost, 1U);
}

// In flight it gets another status than the same request had before.
TEST(StopOutcome, TellsAnAnswerOtherThanThoseBefore) {
  for (int usual : {200, 500}) {
    TraceBuilder trace = told();
    auto request = [&](int status, const std::string& place, Fact fact) {
      Observation seen;
      seen.fact = fact;
      seen.action = status < 500 ? "answered" : "wrong";
      seen.text = place;
      bool sum = fact == Fact::requests_untold;
      seen.number = sum ? 3 : status;
      seen.path = sum ? std::to_string(status) : "";
      trace.add(seen);
    };
    request(usual, "before", Fact::requests_untold);
    request(usual, "answering", Fact::request);
    request(503, "read, unanswered", Fact::request);
    StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
    EXPECT_EQ(out.requests.misanswered, 1U) << usual;
    EXPECT_EQ(out.requests.lost, 0U);
    EXPECT_EQ(out.text(), "exited 0, requests answered otherwise");
    EXPECT_EQ(out.requests.statuses.at(usual), 3U);
  }
}

TEST(StopOutcome, SaysWhereThoseWereThatCameToNothing) {
  TraceBuilder trace = told();
  auto request = [&](const std::string& action, const std::string& place) {
    Observation seen;
    seen.fact = Fact::requests_untold;
    seen.action = action;
    seen.text = place;
    seen.number = 2;
    trace.add(seen);
  };
  request("reset", "backlog");
  request("reset", "sent, unread");
  request("refused", "after");
  request("reset", "before");
  request("never sent", "");
  request("answered", "unknown");
  RequestCounts sums = outcome(ends(trace, WaitStatus::of_exit(0))).requests;
  EXPECT_EQ(sums.backlog, 2U);
  EXPECT_EQ(sums.unread, 2U);
  EXPECT_EQ(sums.after, 2U);
  EXPECT_EQ(sums.before, 2U);
  EXPECT_EQ(sums.asked_before, 2U);
  EXPECT_EQ(sums.never_sent, 2U);
  EXPECT_EQ(sums.unknown, 2U);
}

// It ended with its connection, which a cut one does too.
TEST(StopOutcome,
     IsUnknownWhereAnAnswerWithoutALengthIsShorterThanThoseBefore) {
  for (bool whole : {true, false}) {
    TraceBuilder trace = told();
    Observation seen;
    seen.fact = Fact::request;
    seen.action = "answered";
    seen.number = 200;
    seen.text = "read, unanswered";
    seen.call = whole ? "" : std::string(kNoLength);
    trace.add(seen);
    EXPECT_EQ(outcome(ends(trace, WaitStatus::of_exit(0))).is_told(), whole);
  }
}

// What it had read in part, and what another process had, may be its loss.
TEST(StopOutcome, IsUnknownWhereNobodyKnowsWhoseLossItIs) {
  for (const char* place : {"partly read", "a stranger's"}) {
    TraceBuilder trace = told();
    Observation seen;
    seen.fact = Fact::request;
    seen.action = "reset";
    seen.text = place;
    trace.add(seen);
    EXPECT_EQ(outcome(ends(trace, WaitStatus::of_exit(0))).end, End::unknown)
        << place;
  }
}

// What the service had not read is not lost by it.
TEST(StopOutcome, LosesNothingThatTheServiceHadNotRead) {
  TraceBuilder trace = told();
  Observation seen;
  seen.fact = Fact::request;
  seen.action = "reset";
  seen.text = "sent, unread";
  trace.add(std::move(seen));
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_exit(0))).text(), "exited 0");
}

TEST(StopOutcome, IsUnknownWhereALossIsInDoubt) {
  for (int faults : {1, 2}) {
    TraceBuilder trace = started(faults);
    for (int fault = 0; fault < faults; ++fault) {
      tell(trace, fault);
    }
    Observation seen;
    seen.fact = Fact::request;
    seen.action = "reset";
    seen.text = "unknown";
    trace.add(std::move(seen));
    StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
    EXPECT_EQ(out.end, faults == 1 ? End::unknown : End::exited);
  }
}

TEST(StopOutcome, TellsWhatWasLeft) {
  TraceBuilder trace = told();
  ends(trace, WaitStatus::of_exit(0));
  StopOutcome out = outcome(trace.add(Fact::leftover, "", 0, "sleep"));
  EXPECT_THAT(out.left, ElementsAre("sleep"));
  EXPECT_EQ(out.text(), "exited 0, left behind");
}

TEST(StopOutcome, IsNeverWhereTheMomentDidNotCome) {
  TraceBuilder trace = started();
  trace.add(Fact::trigger_lost, "", 0, "nobody is left to make the call");
  trace.add(Fact::service_stopped, "service", SIGTERM);
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
  EXPECT_EQ(out.end, End::never);
  EXPECT_EQ(out.why, "nobody is left to make the call");
}

TEST(StopOutcome, IsNeverWhereItWasNotToldASecondTime) {
  TraceBuilder trace = started(2);
  tell(trace);
  EXPECT_EQ(outcome(ends(trace, WaitStatus::of_exit(0))).end, End::never);
}

TEST(StopOutcome, CountsTimeFromTheSecondSignal) {
  TraceBuilder trace = started(2);
  tell(trace).wait(std::chrono::milliseconds(100));
  tell(trace, 1);
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
  EXPECT_EQ(out.text(), "exited 0");
  EXPECT_EQ(out.took, std::chrono::milliseconds(1));
}

TEST(StopOutcome, IsUnknownWhereItDiedOfItself) {
  TraceBuilder trace = started();
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(1)));
  EXPECT_EQ(out.end, End::unknown);
  EXPECT_TRUE(out.by_itself);
  EXPECT_THAT(out.why, HasSubstr("before it was told, the service exited 1"));
  trace.add(Fact::leftover);
  EXPECT_THAT(outcome(ends(trace, WaitStatus::of_exit(1))).why,
              HasSubstr("exited 1; what it started lived on"));
}

TEST(StopOutcome, IsUnknownWhereItWasNotReady) {
  TraceBuilder trace = started();
  trace.add(Fact::service_unready, "service", 0, "nothing listens");
  EXPECT_TRUE(outcome(trace).unready);
  StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(1)));
  EXPECT_EQ(out.end, End::unknown);
  EXPECT_THAT(out.why, HasSubstr("nothing listens"));
}

TEST(StopOutcome, IsUnknownWhereWeWereNotAbleToWatch) {
  for (Fact fact : {Fact::trouble, Fact::supervision_lost}) {
    TraceBuilder trace = told();
    trace.add(fact, "", 0, "no room");
    StopOutcome out = outcome(ends(trace, WaitStatus::of_exit(0)));
    EXPECT_EQ(out.end, End::unknown);
    EXPECT_THAT(out.why, HasSubstr("no room"));
  }
}

TEST(StopOutcome, IsUnknownWhereNobodySawTheEnd) {
  EXPECT_EQ(outcome(told()).end, End::unknown);
}

// A call that another thread made before listen(2), that time, kills nobody who
// has connected.
TEST(StopOutcome, CountsOnlyOnTheSideOfListenThatWasRecorded) {
  Instant late;
  late.phase = Phase::listening;
  late.tie = Instant::Tie::call;
  late.call = "openat";
  TraceBuilder early_run = told();
  StopOutcome early = outcome(ends(early_run, WaitStatus::of_signal(SIGTERM)));
  EXPECT_FALSE(early.listened);
  EXPECT_EQ(in_its_phase(late, early).end, End::never);
  TraceBuilder late_run = started();
  calls(late_run, "listen");
  StopOutcome killed =
      outcome(ends(tell(late_run), WaitStatus::of_signal(SIGTERM)));
  EXPECT_TRUE(killed.listened);
  EXPECT_EQ(in_its_phase(late, killed).end, End::unhandled);
  late.phase = Phase::before_listen;
  EXPECT_EQ(in_its_phase(late, killed).end, End::never);
  late.tie = Instant::Tie::ready;
  EXPECT_EQ(in_its_phase(late, killed).end, End::unhandled);
}

// Loaded is what was asked for something, and not what is so old.
TEST(StopOutcome, IsUnderLoadOnlyWhenARequestWasAsked) {
  Instant loaded;
  loaded.tie = Instant::Tie::ready;
  StopOutcome stop{End::exited};
  for (Phase phase : {Phase::loaded, Phase::draining}) {
    loaded.phase = phase;
    EXPECT_EQ(in_its_phase(loaded, stop).end, End::never);
    StopOutcome asked = stop;
    asked.requests.under_way = 1;
    EXPECT_EQ(in_its_phase(loaded, asked).end, End::exited);
    asked.requests = {};
    asked.requests.asked_before = 1;
    EXPECT_EQ(in_its_phase(loaded, asked).end, End::exited);
  }
  loaded.phase = Phase::ready;
  EXPECT_EQ(in_its_phase(loaded, stop).end, End::exited);
}

}  // namespace
}  // namespace faultrig
