// A sweep over what a program depends on: its peers, what they do, and what
// that came to.
#include "harness/sweep/peer_points.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/model/dependency.h"
#include "harness/model/request.h"
#include "harness/sweep/recorded_sites.h"
#include "harness/sweep/request_trouble.h"
#include "harness/sweep/site_outcome.h"
#include "harness/sweep/site_run.h"
#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using End = SiteRun::End;
using Mode = DependencyMode;
using Outcome = SiteOutcome;

TraceBuilder& connected(TraceBuilder& trace, const std::string& address,
                        const std::string& how = "") {
  trace.call("connect");
  trace.parts.trace.back().peers = std::vector<std::string>{address};
  trace.parts.trace.back().text = how;
  return trace;
}

std::vector<std::string> names(const std::vector<CallSite>& peers) {
  std::vector<std::string> out;
  for (const CallSite& peer : peers) {
    out.push_back(peer.owner == CallOwner::other ? "own" : peer.id);
  }
  return out;
}

CallSite peer(const std::string& id, const std::string& path) {
  CallSite out;
  out.id = id;
  out.path = path;
  out.call = "connect";
  out.calls = 1;
  out.recordings = 3;
  out.is_peer = true;
  out.owner = CallOwner::program;
  return out;
}

SiteRun ended(End end, std::int64_t calls = 1) {
  SiteRun run;
  run.end = end;
  run.end_text = end == End::passed ? "exited 0" : "exited 1";
  run.effects = 1;
  run.calls = calls;
  return run;
}

SiteJudgement judged(const SiteRun& run, Mode mode,
                     Each each = Each::from_then_on) {
  FaultPoint point{
      .each = each, .harm = Harm::peer, .deed = {mode, 0}, .when = "start"};
  return site_outcome(run, {SiteRun()},
                      peer("localhost:6379", "127.0.0.1:6379"), point);
}

TEST(DependencyDeed, IsWrittenAsItIsRead) {
  EXPECT_EQ(dependency_deed("hang", "")->yaml(), "does: hang");
  EXPECT_EQ(dependency_deed("slow", "300ms")->yaml(), "slow: 300ms");
  EXPECT_EQ(dependency_deed("slow", "300ms")->text(), "slow 300ms");
  EXPECT_EQ(dependency_deed("bandwidth", "10KiB")->yaml(), "bandwidth: 10KiB");
  EXPECT_EQ(dependency_deed("connections", "2")->yaml(), "connections: 2");
  EXPECT_EQ(dependency_deed("answer", "503")->yaml(), "answer: {status: 503}");
}

TEST(DependencyDeed, TakesNoOtherModeAndNoNumberThatWillNotDo) {
  EXPECT_FALSE(dependency_deed("hangs", ""));
  EXPECT_FALSE(dependency_deed("hang", "3"));
  EXPECT_FALSE(dependency_deed("slow", ""));
  EXPECT_FALSE(dependency_deed("slow", "0s"));
  EXPECT_FALSE(dependency_deed("cut", "much"));
  EXPECT_FALSE(dependency_deed("answer", "42"));
}

TEST(DependencyDeed, IsReadFromTheFaultThatDoesIt) {
  EXPECT_EQ(deed_of(params("does", std::string("reset"))).mode, Mode::reset);
  EXPECT_EQ(deed_of(params("cut", Bytes{7})).text(), "cut 7B");
  EXPECT_EQ(deed_of(params("slow", std::chrono::nanoseconds(2000))).number,
            2000);
  EXPECT_EQ(deed_of(params("connections", std::int64_t{3})).mode,
            Mode::connections);
  std::map<std::string, std::string> answer{{"status", "503"}};
  EXPECT_EQ(deed_of(params("answer", answer)).text(), "answer 503");
}

TEST(Peers, AreOneForAnAddressAndOneForBothOfLocalhost) {
  TraceBuilder trace;
  connected(trace, "[::1]:6379");
  connected(trace, "127.0.0.1:6379");
  connected(trace, "10.0.0.7:5432");
  std::vector<CallSite> peers = recorded_peers(trace.evidence());
  EXPECT_THAT(names(peers), ElementsAre("localhost:6379", "10.0.0.7:5432"));
  EXPECT_EQ(peers[0].calls, 2);
  EXPECT_TRUE(peers[0].is_peer);
}

TEST(Peers, AreNoDatagrams) {
  TraceBuilder trace;
  connected(trace, "127.0.0.53:53", "no stream");
  EXPECT_THAT(recorded_peers(trace.evidence()), IsEmpty());
}

TEST(Peers, AreItsOwnWhereItListensItself) {
  TraceBuilder trace;
  trace.call("listen", "127.0.0.1:41234").call("listen", "[::]:8080");
  trace.call("listen", "/tmp/a.sock");
  for (const char* address :
       {"127.0.0.1:41234", "127.0.0.1:8080", "/tmp/a.sock", "10.0.0.1:41234"}) {
    connected(trace, address);
  }
  EXPECT_THAT(names(recorded_peers(trace.evidence())),
              ElementsAre("own", "10.0.0.1:41234"));
  EXPECT_EQ(recorded_peers(trace.evidence())[0].calls, 3);
}

TEST(PeerPoints, AreEachDeedOfEachPeerButItsOwn) {
  CallSite own = peer("localhost:41234", "127.0.0.1:41234");
  own.owner = CallOwner::other;
  SweepAsked asked;
  asked.peers.emplace();
  asked.each = kEachOfPeers;
  asked.peers->when = {"start", "{answered: 5}"};
  std::vector<FaultPoint> points =
      site_points(asked, {own, peer("10.0.0.7:5432", "10.0.0.7:5432")});
  ASSERT_THAT(points, SizeIs(6));
  EXPECT_EQ(points[0].site, 1U);
  EXPECT_EQ(points[0].fault(), "refuse");
  EXPECT_EQ(points[0].which(), "from the start");
  EXPECT_EQ(points[1].which(), "when {answered: 5}");
  EXPECT_EQ(points[5].fault(), "reset");
}

TEST(PeerPoints, AreThoseThatWereAskedForByAnyOfTheirNames) {
  std::vector<CallSite> peers{peer("localhost:6379", "[::1]:6379"),
                              peer("10.0.0.7:5432", "10.0.0.7:5432")};
  auto count = [&](const std::string& to) {
    SweepAsked asked;
    asked.peers.emplace();
    asked.peers->does = {{Mode::hang}};
    asked.peers->to = {to};
    asked.each = kEachOfPeers;
    return peer_points(asked, peers).size();
  };
  EXPECT_EQ(count("localhost:*"), 1U);
  EXPECT_EQ(count("127.0.0.1:6379"), 1U);
  EXPECT_EQ(count("6379"), 1U);
  EXPECT_EQ(count("10.*:*"), 1U);
  EXPECT_EQ(count("*:*"), 2U);
  EXPECT_EQ(count("80"), 0U);
}

TEST(PeerOutcome, IsNeverWhereNoConnectionMetIt) {
  SiteRun run = ended(End::passed);
  run.effects = 0;
  SiteJudgement told = judged(run, Mode::hang);
  EXPECT_EQ(told.outcome, Outcome::never);
  EXPECT_EQ(told.because, "no connection met it");
}

// To give up waiting makes up for nothing: who needed the answer is not told.
TEST(PeerOutcome, IsSwallowedWhereItPassesWithoutAWord) {
  for (Mode mode : {Mode::refuse, Mode::hang, Mode::reset, Mode::cut}) {
    EXPECT_EQ(judged(ended(End::passed), mode).outcome, Outcome::swallowed);
  }
}

TEST(PeerOutcome, IsHandledWhereItOnlyCameLater) {
  EXPECT_EQ(judged(ended(End::passed), Mode::slow).outcome, Outcome::handled);
  EXPECT_EQ(judged(ended(End::passed), Mode::bandwidth).outcome,
            Outcome::handled);
}

// Of a peer that refuses everybody a second try is refused, too.
TEST(PeerOutcome, IsHandledByASecondTryWhereThatCouldSucceed) {
  SiteRun run = ended(End::passed, 2);
  EXPECT_EQ(judged(run, Mode::refuse, Each::once).outcome, Outcome::handled);
  EXPECT_EQ(judged(run, Mode::refuse).outcome, Outcome::swallowed);
}

TEST(PeerOutcome, IsHandledWhereAnotherTookItsPlace) {
  CallSite failed = peer("localhost:6379", "127.0.0.1:6379");
  SiteRun run = ended(End::passed);
  run.sites = {failed};
  SiteJudgement first = judged(run, Mode::refuse);
  EXPECT_EQ(look_again(first, run, failed, {failed}).outcome,
            Outcome::swallowed);
  run.sites.push_back(peer("10.0.0.8:6379", "10.0.0.8:6379"));
  SiteJudgement told = look_again(first, run, failed, {failed});
  EXPECT_EQ(told.outcome, Outcome::handled);
  EXPECT_THAT(told.because, HasSubstr("connect to 10.0.0.8:6379"));
}

TEST(PeerOutcome, IsKnownByTheAddressAndNotByItsBeginning) {
  SiteSweep sweep;
  sweep.sites = {peer("localhost:8080", "127.0.0.1:8080")};
  sweep.points = {
      {.point = {.harm = Harm::peer}, .outcome = Outcome::swallowed}};
  sweep.allowed = {{"localhost:80", "", Outcome::swallowed, "a cache"}};
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::findings);
  sweep.allowed = {{"localhost:8080", "", Outcome::swallowed, "a cache"}};
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::clean);
}

TriedFault tried(Mode mode) {
  TriedFault fault{"connect"};
  fault.peer = "localhost:6379";
  fault.deed = {mode, 0};
  return fault;
}

TEST(PeerRun, CountsConnectionsToItAlone) {
  TraceBuilder trace;
  trace.fault("dependency").took_effect(0);
  connected(trace, "127.0.0.1:6379");
  connected(trace, "[::1]:6379");
  connected(trace, "127.0.0.1:63790");
  trace.exited("command", 0);
  SiteRun run = tried_run(trace.evidence(), tried(Mode::refuse));
  EXPECT_EQ(run.calls, 2);
  EXPECT_EQ(run.effects, 1);
}

// As a recording counts them: glibc connects a datagram to each address of a
// name, to see which it would reach. That is no second try.
TEST(PeerRun, CountsConnectionsOfStreamsAlone) {
  TraceBuilder trace;
  trace.fault("dependency").took_effect(0);
  connected(trace, "127.0.0.1:6379", "no stream");
  connected(trace, "127.0.0.1:6379");
  connected(trace, "127.0.0.1:6379", "it never ran");
  trace.exited("command", 1);
  EXPECT_EQ(tried_run(trace.evidence(), tried(Mode::refuse)).calls, 1);
  EXPECT_EQ(recorded_peers(trace.evidence())[0].calls, 1);
}

TEST(PeerRun, KnowsByWhatWordsAProgramSpeaksOfIt) {
  auto said = [](Mode mode, const std::string& line) {
    TraceBuilder trace;
    trace.fault("dependency").took_effect(0).exited("command", 1);
    trace.parts.err = line + "\n";
    TriedFault fault = tried(mode);
    fault.deed.number = mode == Mode::answer ? 503 : 0;
    return tried_run(trace.evidence(), fault).said.size();
  };
  EXPECT_EQ(said(Mode::refuse, "dial tcp: connection refused"), 1U);
  EXPECT_EQ(said(Mode::reset, "read tcp: connection reset by peer"), 1U);
  EXPECT_EQ(said(Mode::reset, "Get: EOF"), 1U);
  EXPECT_EQ(said(Mode::cut, "Get: unexpected EOF"), 1U);
  EXPECT_EQ(said(Mode::cut, "read tcp: connection reset by peer"), 0U);
  EXPECT_EQ(said(Mode::connections, "dial tcp: connection refused"), 1U);
  EXPECT_EQ(said(Mode::slow, "i/o timeout"), 1U);
  EXPECT_EQ(said(Mode::answer, "it answered with 503"), 1U);
  EXPECT_EQ(said(Mode::answer, "it answered with 502"), 0U);
  EXPECT_EQ(said(Mode::hang, "context deadline exceeded"), 1U);
  EXPECT_EQ(said(Mode::hang, "no answer: cannot ask 127.0.0.1:6379"), 1U);
  EXPECT_EQ(said(Mode::hang, "asked 127.0.0.1:6379"), 0U);
  EXPECT_EQ(said(Mode::hang, "connection refused"), 0U);
}

// What went past the fault is no connection that there was not.
TEST(PeerRun, IsUnknownWhereAConnectionWentPastIt) {
  TraceBuilder trace;
  trace.fault("dependency");
  trace.add(Fact::path_unread, "command", 0, "it took too long");
  trace.parts.trace.back().fault = 0;
  trace.exited("command", 0);
  SiteRun run = tried_run(trace.evidence(), tried(Mode::hang));
  EXPECT_THAT(run.trouble, HasSubstr("it took too long"));
}

TraceBuilder& requested(TraceBuilder& trace, RequestEnd end, int status,
                        const std::string& where = "before") {
  Observation request;
  request.fact = Fact::request;
  request.action = word_for(end);
  request.number = status;
  request.text = where;
  return trace.add(std::move(request));
}

std::optional<SiteJudgement> requests_said(const TraceBuilder& trace,
                                           const SiteRun& golden = {}) {
  SiteRun run;
  run.tests.requests = request_trouble(trace.evidence());
  return of_requests(run, {golden});
}

TEST(RequestsOfATry, SayNothingWhereAllAreAnswered) {
  TraceBuilder trace;
  requested(trace, RequestEnd::answered, 200);
  EXPECT_FALSE(requests_said(trace));
}

TEST(RequestsOfATry, HungWhereTheyWaitedUntilItWasToldToStop) {
  TraceBuilder trace;
  requested(trace, RequestEnd::answered, 200);
  requested(trace, RequestEnd::reset, 0,
            std::string(word_for(InFlight::read_unanswered)));
  auto told = requests_said(trace);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->outcome, Outcome::hung);
  EXPECT_EQ(told->because,
            "1 of 2 requests had no answer when it was told to stop");
}

TEST(RequestsOfATry, SurfacedWhereTheirAnswersSaySo) {
  TraceBuilder trace;
  requested(trace, RequestEnd::wrong, 502);
  EXPECT_EQ(requests_said(trace)->outcome, Outcome::surfaced);
  requested(trace, RequestEnd::wrong, 404);
  EXPECT_EQ(requests_said(trace)->outcome, Outcome::failed);
  requested(trace, RequestEnd::cut, 200);
  EXPECT_THAT(requests_said(trace)->because,
              HasSubstr("came to an end without a whole answer"));
}

TEST(RequestsOfATry, AreNoneWhereItSaysThatItIsNotReady) {
  TraceBuilder trace;
  trace.add(Fact::service_unready, "service", 0,
            "within 2s: 127.0.0.1:80/ is answered with 503");
  EXPECT_EQ(requests_said(trace)->outcome, Outcome::surfaced);
  TraceBuilder silent;
  silent.add(Fact::service_unready, "service", 0, "within 2s: nobody listens");
  EXPECT_FALSE(requests_said(silent));
}

// They say something of the stop, and not of the fault.
TEST(RequestsOfATry, SayNothingWhereTheyCameTooLate) {
  TraceBuilder trace;
  requested(trace, RequestEnd::refused, 0, "after");
  requested(trace, RequestEnd::reset, 0,
            std::string(word_for(InFlight::backlog)));
  EXPECT_FALSE(requests_said(trace));
}

TEST(RequestsOfATry, SayNothingOfWhatComesWithoutTheFaultToo) {
  TraceBuilder trace;
  requested(trace, RequestEnd::wrong, 502);
  SiteRun golden;
  golden.tests.requests.wrong = 1;
  EXPECT_FALSE(requests_said(trace, golden));
}

}  // namespace
}  // namespace faultrig
