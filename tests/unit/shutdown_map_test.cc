// What a shutdown map says: windows, findings, and the verdict.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/sweep/findings.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using End = StopOutcome::End;
using Verdict = ShutdownMap::Verdict;
using What = MapFinding::What;

StopOutcome exited(int code) { return {End::exited, code}; }
StopOutcome unhandled() { return {End::unhandled, 15}; }

class Maps : public ::testing::Test {
 protected:
  void add(Phase phase, std::vector<StopOutcome> tries,
           const std::string& call = "") {
    Instant instant;
    instant.phase = phase;
    instant.tie = call.empty() ? Instant::Tie::ready : Instant::Tie::call;
    instant.call = call;
    instant.counted = "%network";
    instant.nth = static_cast<std::int64_t>(map.points.size());
    map.points.push_back({instant, std::move(tries)});
  }
  // A server as it should be.
  void good() {
    add(Phase::exec, {unhandled()});
    add(Phase::before_listen, {unhandled(), unhandled()}, "socket");
    add(Phase::listening, {exited(0)}, "accept4");
    add(Phase::ready, {exited(0), exited(0)});
    add(Phase::loaded, {exited(0)});
    add(Phase::draining, {exited(0)});
  }
  void conclude() { conclude_map(map); }
  std::vector<What> found() const {
    std::vector<What> out;
    for (const MapFinding& finding : map.findings) {
      out.push_back(finding.what);
    }
    return out;
  }

  ShutdownMap map;
};

TEST_F(Maps, HaveNoFindingOfAServerThatStopsAsItShould) {
  good();
  conclude();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_EQ(map.verdict, Verdict::clean);
  EXPECT_THAT(map.because, HasSubstr("at 6 instants from exec to draining"));
}

TEST_F(Maps, FindAnExitCodeOtherThanWhenIdle) {
  good();
  map.points[2].tries.push_back(exited(1));
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::other_code));
  EXPECT_EQ(map.findings[0].outcome, "exited 1");
  EXPECT_EQ(map.findings[0].point, 2U);
  EXPECT_EQ(map.findings[0].share.k, 1);
  EXPECT_EQ(map.findings[0].share.n, 2);
  EXPECT_EQ(map.verdict, Verdict::findings);
}

StopOutcome without(StopOutcome stop) {
  stop.without = {"db"};
  return stop;
}

// What it ends with while its database hangs says nothing of when it does not.
TEST_F(Maps, CompareWithWhatHadTheSameFaultsBeside) {
  good();
  map.points[2].tries = {without(exited(3))};
  conclude();
  EXPECT_THAT(found(), IsEmpty());
  EXPECT_THAT(map.remarks, Contains(HasSubstr("in 1 of 8 tries (listening)")));
  map.points[3].tries.push_back(without(exited(1)));
  conclude();
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Maps, SayNothingWhereAFaultBesideNeverTookEffect) {
  add(Phase::exec, {without(unhandled())});
  add(Phase::ready, {without(exited(0))});
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
  EXPECT_THAT(map.because, HasSubstr("`db` took no effect in any try"));
}

TEST_F(Maps, FindAnExitCodeOfItsOwnBeforeItListens) {
  good();
  map.points[1].tries = {exited(1)};
  conclude();
  EXPECT_THAT(found(), ElementsAre(What::other_code));
}

TEST_F(Maps, FindDeathByTheDefaultActionOnceItListens) {
  good();
  map.points[2].tries = {exited(0), exited(0), unhandled()};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::unhandled));
  EXPECT_THAT(map.because,
              HasSubstr("unhandled, told before accept4 (%network 2) (1 of 3"));
}

TEST_F(Maps, FindItBeforeThatOnlyWhenAsked) {
  good();
  map.asked.strict_start = true;
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::unhandled));
  EXPECT_EQ(map.findings[0].point, 1U);
}

TEST_F(Maps, FindWhatNeverHandlesTheSignal) {
  add(Phase::exec, {unhandled()});
  add(Phase::ready, {unhandled()});
  conclude();
  EXPECT_THAT(found(), ElementsAre(What::unhandled));
}

TEST_F(Maps, FindAnIdleStopThatIsNotAllowed) {
  add(Phase::ready, {exited(1), exited(1)});
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::idle_stop));
  EXPECT_EQ(map.findings[0].share.n, 2);
}

TEST_F(Maps, AllowWhatThePolicyAllows) {
  struct Case {
    StopOutcome idle;
    Graceful graceful;
    bool allowed;
  };
  const std::vector<Case> cases{{exited(0), Graceful::zero, true},
                                {exited(0), Graceful::any, true},
                                {exited(0), Graceful::signal, false},
                                {exited(143), Graceful::zero, false},
                                {exited(143), Graceful::any, true},
                                {exited(143), Graceful::signal, true},
                                {{End::own_hand, 15}, Graceful::zero, false},
                                {{End::own_hand, 15}, Graceful::any, true},
                                {{End::own_hand, 15}, Graceful::signal, true},
                                {exited(1), Graceful::any, false},
                                {exited(130), Graceful::any, false},
                                {unhandled(), Graceful::any, false},
                                {unhandled(), Graceful::signal, false}};
  for (const Case& one : cases) {
    map.points.clear();
    map.asked.graceful = one.graceful;
    add(Phase::ready, {one.idle});
    conclude();
    EXPECT_EQ(map.findings.empty(), one.allowed)
        << one.idle.text() << " " << graceful_name(one.graceful);
  }
}

TEST_F(Maps, AllowTheCodeOfAnotherSignalThatWasAskedFor) {
  map.asked.signal = "SIGINT";
  map.asked.graceful = Graceful::any;
  add(Phase::ready, {exited(130)});
  conclude();
  EXPECT_THAT(found(), IsEmpty());
}

// One finding, and not one for each instant at which it came out the other way.
TEST_F(Maps, FindOnlyThatTheIdleStopVariesWhereItDoes) {
  good();
  map.points[2].tries = {exited(7), exited(0)};
  map.points[3].tries = {exited(0), exited(7), exited(0)};
  map.points[4].tries = {exited(7)};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::idle_varies));
  EXPECT_THAT(map.because, HasSubstr("exited 0 2, exited 7 1"));
}

TEST_F(Maps, FindAnAnswerOtherThanThoseBefore) {
  good();
  StopOutcome stop = exited(0);
  stop.requests.misanswered = 2;
  map.points[4].tries = {stop};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::misanswered));
  EXPECT_THAT(map.because, HasSubstr("2 requests that it had read answered "
                                     "otherwise than those before"));
}

// A service that falls over in one life of two is none without a finding.
TEST_F(Maps, CannotTellOfAServiceThatEndsByItself) {
  good();
  StopOutcome fell{End::unknown};
  fell.by_itself = true;
  fell.why = "before it was told, the service exited 3";
  map.points[4].tries.push_back(fell);
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
  EXPECT_THAT(map.because, HasSubstr("in 1 of 9 tries it ended by itself: "
                                     "before it was told, the service exited "
                                     "3"));
}

TEST_F(Maps, SayWhatWasNotAsked) {
  good();
  map.golden.port = 8080;
  map.golden.shown_by = "127.0.0.1:8080, [::1]:8080, 127.0.0.1:18080";
  map.golden.unasked = "it never answered HTTP within 5 s";
  conclude();
  EXPECT_EQ(map.verdict, Verdict::clean);
  EXPECT_THAT(map.remarks,
              ElementsAre("no request was asked: it never answered HTTP within "
                          "5 s"));
  map.golden.unasked.clear();
  conclude();
  EXPECT_THAT(map.remarks, ElementsAre("port 18080 was not asked"));
}

// A good end of a service that had nothing to lose.
TEST_F(Maps, SayThatNoRequestWasInFlight) {
  good();
  RequestCounts& requests = map.points[4].tries[0].requests;
  requests.asked_before = 31;
  conclude();
  EXPECT_EQ(map.verdict, Verdict::clean);
  EXPECT_THAT(map.remarks, ElementsAre(HasSubstr("no request was in flight")));
  requests.in_flight = 1;
  conclude();
  EXPECT_THAT(map.remarks, IsEmpty());
}

TEST_F(Maps, SayHowItAnsweredBeforeTheSignal) {
  good();
  RequestCounts& requests = map.points[4].tries[0].requests;
  requests.before = 10;
  requests.asked_before = 31;
  requests.in_flight = 2;
  requests.statuses = {{404, 20}, {500, 1}};
  conclude();
  EXPECT_THAT(map.remarks,
              ElementsAre("10 of 31 requests were not answered even before the "
                          "signal",
                          "every answer before the signal was 404 or 500"));
  EXPECT_EQ(map.verdict, Verdict::clean);
  map.asked.url_named = true;
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
}

TEST_F(Maps, CountOnlyTheInstantsAtWhichItWasTold) {
  good();
  map.points[5].tries = {{End::never}};
  conclude();
  EXPECT_THAT(map.because, HasSubstr("at 5 instants from exec to loaded"));
}

TEST_F(Maps, FindWhatHangsAtAnyMoment) {
  good();
  map.points[5].tries = {{End::hung}};
  map.points[1].tries = {{End::hung}};
  conclude();
  EXPECT_THAT(found(), ElementsAre(What::hung, What::hung));
}

TEST_F(Maps, NameWhereWhatHangsStood) {
  good();
  map.points[5].tries = {{End::hung}};
  map.points[5].tries[0].hanging = {
      "1 goroutine [select] in main.drain (m.go:7)"};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::hung));
  EXPECT_THAT(finding_text(map.findings[0], map),
              HasSubstr("it stood with 1 goroutine [select] in main.drain"));
}

TEST_F(Maps, FindRequestsThatWereLost) {
  good();
  map.points[4].tries = {exited(0), exited(0)};
  map.points[4].tries[0].requests.lost = 2;
  map.points[4].tries[1].requests.lost = 1;
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::lost));
  EXPECT_EQ(map.findings[0].outcome, "3 requests lost that it had read");
  EXPECT_EQ(map.findings[0].share.k, 2);
}

// Told twice is told to hurry.
TEST_F(Maps, FindNoLossAndNoCodeWhenToldTwice) {
  good();
  map.points[5].tries = {exited(2), unhandled()};
  map.points[5].tries[0].requests.lost = 1;
  conclude();
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Maps, FindWhatIsLeftBehind) {
  good();
  map.points[3].tries[0].left = {"sleep", "sleep"};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::left));
  EXPECT_EQ(finding_text(map.findings[0], map), "left behind: sleep");
}

TEST_F(Maps, FindADeathByAnotherSignal) {
  good();
  map.points[2].tries = {{End::killed, 11}};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::killed));
  EXPECT_EQ(finding_text(map.findings[0], map), "killed by SIGSEGV");
}

TEST_F(Maps, TellAFindingOnceAPhaseWhereItIsWorst) {
  good();
  map.points[2].tries = {unhandled(), exited(0)};
  map.points.insert(map.points.begin() + 3, map.points[2]);
  map.points[3].tries = {unhandled(), unhandled()};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::unhandled));
  EXPECT_EQ(map.findings[0].point, 3U);
  EXPECT_EQ(map.findings[0].points, 2U);
}

TEST_F(Maps, JoinNeighboursThatEndAlike) {
  add(Phase::before_listen, {unhandled(), unhandled()}, "socket");
  add(Phase::before_listen, {unhandled()}, "bind");
  add(Phase::before_listen, {unhandled(), exited(0)}, "listen");
  add(Phase::ready, {exited(0)});
  conclude();
  ASSERT_THAT(map.windows, SizeIs(4));
  EXPECT_EQ(map.windows[0].from.call, "socket");
  EXPECT_EQ(map.windows[0].to.call, "bind");
  EXPECT_EQ(map.windows[0].share.k, 3);
  EXPECT_EQ(map.windows[0].share.n, 3);
  EXPECT_EQ(map.windows[1].outcome, "exited 0");
  EXPECT_EQ(map.windows[1].share.k, 1);
  EXPECT_EQ(map.windows[1].share.n, 2);
  EXPECT_EQ(map.windows[2].outcome, "killed unhandled");
}

TEST_F(Maps, SayWhereAMomentNeverCame) {
  good();
  map.points[2].tries = {{End::never}, {End::never}};
  conclude();
  EXPECT_EQ(map.verdict, Verdict::clean);
  EXPECT_EQ(map.windows[2].outcome, "never");
  EXPECT_EQ(map.windows[2].share.n, 2);
}

TEST_F(Maps, CannotTellWithoutAnIdleStop) {
  add(Phase::exec, {unhandled()});
  add(Phase::ready, {{End::never}});
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
  EXPECT_EQ(map.because, "it was never seen to stop when idle");
}

TEST_F(Maps, CannotTellWhereAPointIsUnknown) {
  good();
  StopOutcome unknown;
  unknown.why = "supervision lost";
  map.points[2].tries = {unknown};
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
  EXPECT_EQ(map.because, "supervision lost");
}

// One try that says nothing is not one in favour.
TEST_F(Maps, LeaveOutOfTheCountATryThatSaysNothing) {
  good();
  map.points[2].tries = {exited(1), {}};
  conclude();
  ASSERT_THAT(found(), ElementsAre(What::other_code));
  EXPECT_EQ(map.findings[0].share.n, 1);
}

TEST_F(Maps, CannotTellWhenInterrupted) {
  good();
  map.interrupted = "interrupted: 12 tries were not made";
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
}

TEST_F(Maps, CannotTellOfAServiceThatWasNotReady) {
  map.golden.trouble = "the service did not get ready";
  conclude();
  EXPECT_EQ(map.verdict, Verdict::could_not_tell);
  EXPECT_EQ(map.because, "the service did not get ready");
}

}  // namespace
}  // namespace faultrig
