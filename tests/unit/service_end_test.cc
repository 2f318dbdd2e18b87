// What a service's end was, where the wait status cannot tell.
#include <csignal>

#include <gtest/gtest.h>

#include "harness/judge/expectations.h"
#include "harness/judge/service_facts.h"
#include "harness/model/request.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using How = ServiceEnd::How;

TraceBuilder& stopped(TraceBuilder& trace) {
  return trace.add(Fact::signal_sent, "service", SIGTERM);
}

Verdict graceful(const TraceBuilder& trace, const std::string& policy) {
  Params params;
  params.set("graceful", policy);
  return find_expectation("service")->check(params, trace.evidence()).verdict;
}

void request(TraceBuilder& trace, const std::string& end,
             const std::string& place) {
  Observation seen;
  seen.fact = Fact::request;
  seen.link = "service";
  seen.stream = "load";
  seen.action = end;
  seen.text = place;
  trace.add(seen);
}

TEST(ServiceEnd, AnExitIsJudgedByThePolicy) {
  TraceBuilder zero;
  stopped(zero).exited("service", 0);
  EXPECT_EQ(graceful(zero, "zero"), Verdict::pass);
  EXPECT_EQ(graceful(zero, "any"), Verdict::pass);
  EXPECT_EQ(graceful(zero, "signal"), Verdict::fail);
  TraceBuilder signal;
  stopped(signal).exited("service", 143);
  EXPECT_EQ(graceful(signal, "signal"), Verdict::pass);
  EXPECT_EQ(graceful(signal, "zero"), Verdict::fail);
  TraceBuilder one;
  stopped(one).exited("service", 1);
  EXPECT_EQ(graceful(one, "any"), Verdict::fail);
}

TEST(ServiceEnd, DeathByTheSignalIsGracefulOnlyByItsOwnHand) {
  TraceBuilder unhandled;
  stopped(unhandled).killed("service", SIGTERM);
  EXPECT_EQ(service_end(unhandled.evidence())->how, How::unhandled);
  EXPECT_EQ(graceful(unhandled, "any"), Verdict::fail);
  TraceBuilder own;
  stopped(own);
  Observation kill;
  kill.fact = Fact::call_intercepted;
  kill.link = "service";
  kill.call = "kill";
  kill.text = "SIGTERM to itself";
  Observation listen = kill;
  listen.call = "listen";
  listen.text.clear();
  own.add(listen).add(kill).killed("service", SIGTERM);
  EXPECT_EQ(service_end(own.evidence())->how, How::by_own_hand);
  EXPECT_EQ(graceful(own, "signal"), Verdict::pass);
  EXPECT_EQ(graceful(own, "zero"), Verdict::fail);
}

TEST(ServiceEnd, OurKillAtTheEndOfTheGraceIsAHang) {
  TraceBuilder hung;
  stopped(hung).add(Fact::grace_passed, "service", 1000);
  hung.add(Fact::our_signal, "service", SIGKILL);
  hung.killed("service", SIGKILL);
  EXPECT_EQ(service_end(hung.evidence())->how, How::hung);
  Params params;
  params.set("ended", std::string("hung"));
  EXPECT_EQ(find_expectation("service")->check(params, hung.evidence()).verdict,
            Verdict::pass);
}

TEST(ServiceEnd, ARequestThatItHadReadMustBeAnswered) {
  for (InFlight where : {InFlight::read_unanswered, InFlight::answering}) {
    std::string place(word_for(where));
    TraceBuilder lost;
    request(stopped(lost), "reset", place);
    lost.exited("service", 0);
    EXPECT_EQ(graceful(lost, "zero"), Verdict::fail) << place;
  }
  for (InFlight where :
       {InFlight::backlog, InFlight::sent_unread, InFlight::half_sent}) {
    std::string place(word_for(where));
    TraceBuilder unread;
    request(stopped(unread), "reset", place);
    unread.exited("service", 0);
    EXPECT_EQ(graceful(unread, "zero"), Verdict::pass) << place;
  }
  TraceBuilder doubtful;
  request(stopped(doubtful), "reset", "unknown");
  doubtful.exited("service", 0);
  EXPECT_EQ(graceful(doubtful, "zero"), Verdict::inconclusive);
}

// As those before, and no 503 for whoever was in flight.
TEST(ServiceEnd, ARequestThatItHadReadIsAnsweredAsThoseBefore) {
  for (int status : {200, 503}) {
    TraceBuilder trace;
    request(stopped(trace), "answered", "before");
    trace.parts.trace.back().number = 200;
    request(trace, status == 200 ? "answered" : "wrong", "read, unanswered");
    trace.parts.trace.back().number = status;
    trace.exited("service", 0);
    EXPECT_EQ(graceful(trace, "zero"),
              status == 200 ? Verdict::pass : Verdict::fail);
  }
}

TEST(ServiceEnd, AnEndBeforeTheSignalIsNoAnswerToIt) {
  TraceBuilder early;
  early.exited("service", 0);
  EXPECT_FALSE(service_end(early.evidence()));
  EXPECT_EQ(graceful(early, "any"), Verdict::fail);
}

// Never ready: by its own doing that says nothing, by a fault's it is a hang.
TEST(ServiceEnd, NeverReadyIsTheFaultsDoingOrNobodys) {
  Scenario scenario;
  scenario.workload.service = Service{};
  Fault fault;
  fault.injector = fault.name = "syscall";
  fault.at = Link::service;
  scenario.faults.push_back(fault);
  Params params;
  params.set("ended", std::string("hung"));
  scenario.expect.push_back({"service", params, Place{}, "service: hung"});
  auto verdict = [&](bool harmed) {
    TraceBuilder trace;
    trace.fault("syscall").add(Fact::process_started, "service");
    if (harmed) {
      trace.took_effect();
    }
    trace.add(Fact::service_unready, "service", 0, "nothing listens");
    trace.add(Fact::our_signal, "service", SIGKILL);
    trace.killed("service", SIGKILL);
    return judge(scenario, trace.evidence()).verdict;
  };
  EXPECT_EQ(verdict(false), Verdict::inconclusive);
  EXPECT_EQ(verdict(true), Verdict::pass);
}

}  // namespace
}  // namespace faultrig
