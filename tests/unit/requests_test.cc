// What became of requests, by their place when the service was told to stop.
#include <csignal>

#include <gtest/gtest.h>

#include "harness/judge/expectations.h"
#include "harness/model/request.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

void request(TraceBuilder& trace, std::string_view end, std::string_view place,
             const std::string& load = "load") {
  Observation seen;
  seen.fact = Fact::request;
  seen.link = "service";
  seen.stream = load;
  seen.action = end;
  seen.text = place;
  trace.add(seen);
}

void sum(TraceBuilder& trace, std::string_view end, std::int64_t count) {
  Observation seen;
  seen.fact = Fact::requests_untold;
  seen.stream = "load";
  seen.action = end;
  seen.text = kPlaceBefore;
  seen.number = count;
  trace.add(seen);
}

Params counted(const std::string& key, NumberTest wanted) {
  Params params;
  params.set(key, wanted);
  return params;
}

Verdict asked(const Params& params, const TraceBuilder& trace,
              const char* what = "requests") {
  return find_expectation(what)->check(params, trace.evidence()).verdict;
}

TEST(Requests, AreCountedOneByOneAndInSums) {
  TraceBuilder trace;
  request(trace, word_for(RequestEnd::answered), kPlaceBefore);
  sum(trace, word_for(RequestEnd::answered), 7);
  NumberTest eight{NumberTest::Operator::equal, 8, {}};
  EXPECT_EQ(asked(counted("answered", eight), trace), Verdict::pass);
  NumberTest none;
  EXPECT_EQ(asked(counted("answered", none), trace), Verdict::fail);
  EXPECT_EQ(asked(counted("cut", none), trace), Verdict::pass);
}

TEST(Requests, AreCutHoweverTheirConnectionEnded) {
  for (RequestEnd end :
       {RequestEnd::cut, RequestEnd::reset, RequestEnd::unsent}) {
    TraceBuilder trace;
    request(trace, word_for(end), kPlaceBefore);
    NumberTest none;
    EXPECT_EQ(asked(counted("cut", none), trace), Verdict::fail);
  }
}

TEST(Requests, OfOneLoadAreNotThoseOfAnother) {
  TraceBuilder trace;
  request(trace, word_for(RequestEnd::refused), kPlaceBefore, "reads");
  Params params = counted("refused", NumberTest{});
  params.set("of", std::string("writes"));
  EXPECT_EQ(asked(params, trace), Verdict::inconclusive);
  params.set("of", std::string("reads"));
  EXPECT_EQ(asked(params, trace), Verdict::fail);
}

TEST(Requests, AreSentBeforeTheSignalOrAfter) {
  TraceBuilder trace;
  request(trace, word_for(RequestEnd::refused), kPlaceAfter);
  Params params = counted("refused", NumberTest{});
  params.set("sent", std::string("before"));
  EXPECT_EQ(asked(params, trace), Verdict::inconclusive);
  params.set("sent", std::string("after"));
  EXPECT_EQ(asked(params, trace), Verdict::fail);
}

TEST(Requests, InFlightAreThoseThatItHadRead) {
  Params params;
  params.set("in_flight", std::string("answered"));
  TraceBuilder none;
  request(none, word_for(RequestEnd::reset), word_for(InFlight::backlog));
  EXPECT_EQ(asked(params, none), Verdict::inconclusive);
  TraceBuilder good;
  request(good, word_for(RequestEnd::answered),
          word_for(InFlight::read_unanswered));
  EXPECT_EQ(asked(params, good), Verdict::pass);
  request(good, word_for(RequestEnd::reset), kPlaceUnknown);
  EXPECT_EQ(asked(params, good), Verdict::inconclusive);
  request(good, word_for(RequestEnd::cut), word_for(InFlight::answering));
  EXPECT_EQ(asked(params, good), Verdict::fail);
}

// Where the others were says whose loss they are.
TEST(Requests, InFlightThatWereNotReadAreToldByTheirPlace) {
  TraceBuilder trace;
  sum(trace, word_for(RequestEnd::reset), 200);
  trace.parts.trace.back().text = word_for(InFlight::sent_unread);
  for (int i = 0; i < 2; ++i) {
    request(trace, word_for(RequestEnd::unsent), word_for(InFlight::half_sent));
  }
  request(trace, word_for(RequestEnd::reset), word_for(InFlight::backlog));
  Params params;
  params.set("in_flight", std::string("answered"));
  Finding finding =
      find_expectation("requests")->check(params, trace.evidence());
  EXPECT_EQ(finding.verdict, Verdict::inconclusive);
  EXPECT_EQ(finding.because,
            "it had read no request whole when it was told to stop: 200 sent "
            "and unread, 2 half sent, 1 in the backlog");
  TraceBuilder none;
  request(none, word_for(RequestEnd::answered), kPlaceBefore);
  EXPECT_EQ(
      find_expectation("requests")->check(params, none.evidence()).because,
      "no request was in flight when it was told to stop");
}

// Of HTTP/2: its bytes were read, and a GOAWAY said that it was not begun.
TEST(Requests, AreNotLostWhereTheServiceRefusedToBegin) {
  Params params;
  params.set("in_flight", std::string("answered"));
  TraceBuilder trace;
  request(trace, word_for(RequestEnd::refused),
          word_for(InFlight::read_unanswered));
  EXPECT_EQ(asked(params, trace), Verdict::pass);
}

// Of no request nothing holds: neither that none was refused, nor that all were
// answered.
TEST(Requests, OfNoneProveNothing) {
  TraceBuilder none;
  NumberTest no_one;
  EXPECT_EQ(asked(counted("refused", no_one), none), Verdict::inconclusive);
  sum(none, kNeverSent, 3);
  EXPECT_EQ(asked(counted("cut", no_one), none), Verdict::inconclusive);
  EXPECT_EQ(asked(counted("never_sent", no_one), none), Verdict::fail);
}

TEST(Requests, InFlightAreAnsweredAsAskedAndAsThoseBefore) {
  Params params;
  params.set("in_flight", std::string("answered"));
  auto verdict = [&](std::string_view before, int status_before,
                     std::string_view end, int status) {
    TraceBuilder trace;
    request(trace, before, kPlaceBefore);
    trace.parts.trace.back().number = status_before;
    request(trace, end, word_for(InFlight::read_unanswered));
    trace.parts.trace.back().number = status;
    return asked(params, trace);
  };
  EXPECT_EQ(verdict("answered", 200, "answered", 200), Verdict::pass);
  EXPECT_EQ(verdict("answered", 200, "answered", 404), Verdict::fail);
  EXPECT_EQ(verdict("answered", 200, "wrong", 503), Verdict::fail);
  EXPECT_EQ(verdict("answered", 200, "wrong", 0), Verdict::fail);
  EXPECT_EQ(verdict("wrong", 500, "wrong", 500), Verdict::fail);
  EXPECT_EQ(verdict("reset", 0, "answered", 200), Verdict::pass);
}

TEST(Requests, ADrainIsTimedByItsSignal) {
  TraceBuilder trace;
  trace.add(Fact::signal_sent, "service", SIGTERM);
  trace.wait(std::chrono::milliseconds(20)).exited("service", 0);
  Params params;
  params.set("within", std::chrono::nanoseconds(30'000'000));
  EXPECT_EQ(asked(params, trace, "drain"), Verdict::pass);
  params.set("within", std::chrono::nanoseconds(10'000'000));
  EXPECT_EQ(asked(params, trace, "drain"), Verdict::fail);
}

}  // namespace
}  // namespace faultrig
