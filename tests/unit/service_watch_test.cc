// What is watched of a service that stops: its listener, its readiness, its
// connections, its files, its second life.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/expectations.h"
#include "harness/load/seek.h"
#include "harness/model/request.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using ::testing::HasSubstr;

Params with(std::vector<std::pair<std::string, Value>> values) {
  Params params;
  for (auto& [key, value] : values) {
    params.set(key, std::move(value), Place{1, 1});
  }
  return params;
}

Finding asked(const std::string& type, const Params& params,
              const TraceBuilder& trace) {
  return find_expectation(type)->check(params, trace.evidence());
}

Value ms(int many) { return nanoseconds(milliseconds(many)); }

// Ready on port 80, and told to stop.
TraceBuilder stopping() {
  TraceBuilder trace;
  trace.add(Fact::service_ready, "service", 80);
  trace.add(Fact::signal_sent, "service", SIGTERM);
  return trace;
}

// A look that found it listening at `addresses`, 5 ms after the one before.
void listens(TraceBuilder& trace, const std::string& addresses) {
  trace.add(Fact::listens_at, "service", 5'000'000, addresses);
}

TEST(Listener, IsClosedBetweenTwoLooks) {
  TraceBuilder trace = stopping();
  trace.wait(milliseconds(99));
  listens(trace, "127.0.0.1:8080");  // port 80 is another
  trace.exited("service", 0);
  auto verdict = [&](const std::string& key, int many) {
    return asked("listener", with({{key, ms(many)}}), trace).verdict;
  };
  EXPECT_EQ(verdict("closed_within", 100), Verdict::pass);
  EXPECT_EQ(verdict("closed_within", 97), Verdict::inconclusive);
  EXPECT_EQ(verdict("closed_within", 94), Verdict::fail);
  EXPECT_EQ(verdict("open_for", 95), Verdict::pass);
  EXPECT_EQ(verdict("open_for", 97), Verdict::inconclusive);
  EXPECT_EQ(verdict("open_for", 101), Verdict::fail);
}

TEST(Listener, IsClosedByTheEndUnlessAChildMayHoldIt) {
  TraceBuilder trace = stopping();
  listens(trace, "127.0.0.1:80");
  trace.wait(milliseconds(50)).exited("service", 0);
  Params within = with({{"closed_within", ms(60)}});
  EXPECT_EQ(asked("listener", within, trace).verdict, Verdict::pass);
  EXPECT_EQ(asked("listener", with({{"closed_within", ms(20)}}), trace).verdict,
            Verdict::fail);
  trace.add(Fact::leftover);
  EXPECT_EQ(asked("listener", within, trace).verdict, Verdict::inconclusive);
}

void health(TraceBuilder& trace, int status, int os_errno = 0) {
  Observation seen;
  seen.fact = Fact::health;
  seen.link = "service";
  seen.number = status;
  seen.error = os_errno;
  trace.add(seen);
}

TEST(Readiness, TurnsBeforeNobodyAnswersAnyMore) {
  Params turns = with({{"turns", std::int64_t{503}}, {"within", ms(10)}});
  TraceBuilder good = stopping();
  health(good, 200);
  health(good, 503);
  good.exited("service", 0);
  EXPECT_EQ(asked("readiness", turns, good).verdict, Verdict::pass);
  TraceBuilder late = stopping();
  health(late, 200);
  late.wait(milliseconds(20));
  health(late, 503);
  late.exited("service", 0);
  EXPECT_EQ(asked("readiness", turns, late).verdict, Verdict::fail);
  TraceBuilder never = stopping();
  health(never, 200);
  never.exited("service", 0);
  EXPECT_EQ(asked("readiness", turns, never).verdict, Verdict::fail);
  TraceBuilder refused = stopping();
  health(refused, 0, 111);
  health(refused, 503);
  refused.exited("service", 0);
  EXPECT_EQ(asked("readiness", turns, refused).verdict, Verdict::fail);
  TraceBuilder unseen = stopping();
  unseen.exited("service", 0);
  EXPECT_EQ(asked("readiness", turns, unseen).verdict, Verdict::inconclusive);
}

TEST(Readiness, KeepsItsStatusUntilNobodyAnswers) {
  auto verdict = [](std::vector<int> statuses) {
    TraceBuilder trace = stopping();
    for (int status : statuses) {
      health(trace, status, status == 0 ? 111 : 0);
    }
    trace.exited("service", 0);
    return asked("readiness", with({{"keeps", std::int64_t{200}}}), trace)
        .verdict;
  };
  EXPECT_EQ(verdict({200}), Verdict::pass);
  EXPECT_EQ(verdict({200, 0}), Verdict::pass);
  EXPECT_EQ(verdict({200, 503}), Verdict::fail);
  EXPECT_EQ(verdict({200, 503, 0}), Verdict::fail);
  EXPECT_EQ(verdict({0}), Verdict::inconclusive);
  EXPECT_EQ(verdict({}), Verdict::inconclusive);
}

void connection(TraceBuilder& trace, RequestEnd end, std::string_view place,
                int os_errno = 0) {
  Observation seen;
  seen.fact = Fact::request;
  seen.stream = "load";
  seen.action = word_for(end);
  seen.text = place;
  seen.error = os_errno;
  trace.add(seen);
}

TEST(Connections, ThatIdleAreClosedInOrderAndNotByDeath) {
  Params closed = with({{"idle", std::string("closed")}});
  auto verdict = [&](RequestEnd end, std::string_view place, int os_errno,
                     bool killed) {
    TraceBuilder trace = stopping();
    connection(trace, end, place, os_errno);
    killed ? trace.killed("service", SIGTERM) : trace.exited("service", 0);
    return asked("connections", closed, trace).verdict;
  };
  std::string_view idle = word_for(InFlight::idle);
  EXPECT_EQ(verdict(RequestEnd::closed, idle, 0, false), Verdict::pass);
  EXPECT_EQ(verdict(RequestEnd::closed, idle, 104, false), Verdict::fail);
  EXPECT_EQ(verdict(RequestEnd::held, idle, 0, false), Verdict::fail);
  EXPECT_EQ(verdict(RequestEnd::closed, idle, 0, true), Verdict::fail);
  EXPECT_EQ(verdict(RequestEnd::closed, kPlaceUnknown, 0, false),
            Verdict::inconclusive);
  EXPECT_EQ(verdict(RequestEnd::closed, kPlaceBefore, 0, false),
            Verdict::inconclusive);
}

TEST(Connections, OfWebSocketsMayGetNoCloseFrame) {
  auto verdict = [](const std::string& word) {
    TraceBuilder trace = stopping();
    connection(trace, RequestEnd::closed, word_for(InFlight::idle), 0);
    trace.parts.trace.back().number = 101;
    trace.parts.trace.back().call = word;
    trace.exited("service", 0);
    Params none = with(
        {{"websocket", std::map<std::string, std::string>{{"close", "none"}}}});
    return asked("connections", none, trace).verdict;
  };
  EXPECT_EQ(verdict("no close frame"), Verdict::pass);
  EXPECT_EQ(verdict("close 1001"), Verdict::fail);
}

// A server that just closes says 1006 to nobody: there is no frame.
TEST(Connections, OfWebSocketsGetTheCloseFrameThatIsAskedFor) {
  Params going = with(
      {{"websocket", std::map<std::string, std::string>{{"close", "1001"}}}});
  auto verdict = [&](const std::string& word, int status,
                     std::string_view place) {
    TraceBuilder trace = stopping();
    connection(trace, RequestEnd::closed, place, 0);
    trace.parts.trace.back().number = status;
    trace.parts.trace.back().call = word;
    trace.exited("service", 0);
    return asked("connections", going, trace).verdict;
  };
  std::string_view open = word_for(InFlight::idle);
  EXPECT_EQ(verdict("close 1001", 101, open), Verdict::pass);
  EXPECT_EQ(verdict("close 1000", 101, open), Verdict::fail);
  EXPECT_EQ(verdict("no close frame", 101, open), Verdict::fail);
  EXPECT_EQ(verdict("no close frame", 101, kPlaceBefore),
            Verdict::inconclusive);
  EXPECT_EQ(verdict("no close frame", 101, kPlaceUnknown),
            Verdict::inconclusive);
  EXPECT_EQ(verdict("", 200, open), Verdict::inconclusive);
}

void files(TraceBuilder& trace, const std::string& when, int many,
           bool as_before = false) {
  Observation seen;
  seen.fact = Fact::files_seen;
  seen.path = "*.pid";
  seen.action = when;
  seen.number = many;
  seen.error = as_before ? 1 : 0;
  trace.add(seen);
}

Verdict of_files(const std::string& key, int at_stop, int at_end,
                 bool as_before = false) {
  TraceBuilder trace;
  files(trace, "start", as_before ? at_end : 0);
  files(trace, "told", at_stop);
  files(trace, "end", at_end, as_before);
  return asked("files", with({{key, std::vector<std::string>{"*.pid"}}}), trace)
      .verdict;
}

TEST(Files, AreGoneOnlyWhereTheyWere) {
  EXPECT_EQ(of_files("gone", 1, 0), Verdict::pass);
  EXPECT_EQ(of_files("gone", 1, 1), Verdict::fail);
  EXPECT_EQ(of_files("gone", 0, 0), Verdict::inconclusive);
}

TEST(Files, AreLeftOnlyWhereTheServiceTouchedThem) {
  EXPECT_EQ(of_files("left", 1, 1), Verdict::pass);
  EXPECT_EQ(of_files("left", 1, 0), Verdict::fail);
  EXPECT_EQ(of_files("left", 1, 1, true), Verdict::inconclusive);
}

TEST(Again, FindsEachAcknowledgedWrite) {
  Params finds =
      with({{"ready_within", ms(5000)}, {"finds", std::string("writes")}});
  TraceBuilder good;
  good.add(Fact::second_ready, "service", 1'000'000);
  EXPECT_EQ(asked("again", finds, good).verdict, Verdict::inconclusive);
  good.add(Fact::write_found, "service", 3);
  EXPECT_EQ(asked("again", finds, good).verdict, Verdict::pass);
  good.add(Fact::write_lost, "service", 2, "GET /items has it not");
  EXPECT_EQ(asked("again", finds, good).verdict, Verdict::fail);
}

TEST(Again, MayBeAskedForWhatIsLost) {
  auto verdict = [](int found, int lost) {
    TraceBuilder trace;
    trace.add(Fact::second_ready, "service", 1'000'000);
    trace.add(Fact::write_found, "service", found);
    for (int i = 0; i < lost; ++i) {
      trace.add(Fact::write_lost, "service", i);
    }
    Params params = with({{"finds", std::string("writes")},
                          {"lost", at_least(2)},
                          {"ready_within", ms(5000)}});
    return asked("again", params, trace).verdict;
  };
  EXPECT_EQ(verdict(5, 2), Verdict::pass);
  EXPECT_EQ(verdict(0, 2), Verdict::pass);
  EXPECT_EQ(verdict(5, 1), Verdict::fail);
  EXPECT_EQ(verdict(5, 0), Verdict::fail);
}

TEST(Again, IsReadyInTime) {
  Params soon = with({{"ready_within", ms(100)}});
  TraceBuilder late;
  late.add(Fact::second_ready, "service", 200'000'000);
  EXPECT_EQ(asked("again", soon, late).verdict, Verdict::fail);
  TraceBuilder never;
  never.add(Fact::second_unready, "service", 0, "service exited 1");
  EXPECT_EQ(asked("again", soon, never).verdict, Verdict::fail);
  EXPECT_EQ(asked("again", soon, TraceBuilder()).verdict,
            Verdict::inconclusive);
}

TEST(Requests, NoneTookLonger) {
  auto verdict = [](const std::string& end, int took, int most) {
    TraceBuilder trace;
    Observation seen;
    seen.fact = Fact::longest_request;
    seen.stream = "load";
    seen.action = end;
    seen.number = nanoseconds(milliseconds(took)).count();
    trace.add(seen);
    return asked("requests", with({{"longest", ms(most)}}), trace).verdict;
  };
  EXPECT_EQ(verdict("answered", 10, 20), Verdict::pass);
  EXPECT_EQ(verdict("answered", 30, 20), Verdict::fail);
  EXPECT_EQ(verdict("timed out", 30, 20), Verdict::fail);
  EXPECT_EQ(verdict(std::string(word_for(RequestEnd::timed_out)), 10, 20),
            Verdict::inconclusive);
  EXPECT_EQ(
      asked("requests", with({{"longest", ms(1)}}), TraceBuilder()).verdict,
      Verdict::inconclusive);
}

TEST(Seek, KnowsAWriteInAnAnswer) {
  const std::string item = R"({"n": 3})";
  EXPECT_TRUE(has_content(R"([{"n":1},{"id":7,"n":3}])", item));
  EXPECT_TRUE(has_content(R"({"items": [{"n": 3}]})", item));
  EXPECT_TRUE(has_content("{\"n\":1}\n{\"n\":3}\n", item));
  EXPECT_FALSE(has_content(R"([{"n":1},{"n":33}])", item));
  EXPECT_TRUE(has_content("item-1\nitem-3\n", "item-3"));
  EXPECT_FALSE(has_content("item-1\nitem-33\n", "item-3"));
  EXPECT_FALSE(has_content("", "item-3"));
}

}  // namespace
}  // namespace faultrig
