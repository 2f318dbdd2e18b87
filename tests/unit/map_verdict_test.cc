// What the last line of a shutdown map says of its findings.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/sweep/findings.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using End = StopOutcome::End;

MapPoint point(Phase phase, const StopOutcome& outcome) {
  MapPoint out;
  out.instant.phase = phase;
  out.tries = {outcome};
  return out;
}

// One that leaves processes at that moment, and stops well when it is idle.
ShutdownMap leaving(Phase phase, End end) {
  StopOutcome left{end, end == End::unhandled ? 15 : 0};
  left.left = {"helper"};
  ShutdownMap map;
  map.points = {point(phase, left), point(Phase::ready, {End::exited, 0})};
  return map;
}

// Nobody can handle a signal before the program's first line, nor end what was
// started by then.
TEST(MapVerdict, BlamesNoneForWhatIsLeftWhereItMayDieOfTheSignal) {
  for (Phase phase :
       {Phase::exec, Phase::runtime_start, Phase::before_listen}) {
    ShutdownMap map = leaving(phase, End::unhandled);
    conclude_map(map);
    EXPECT_THAT(map.findings, IsEmpty()) << phase_name(phase);
  }
  for (const auto& [phase, end] :
       {std::pair(Phase::before_listen, End::exited),
        std::pair(Phase::listening, End::unhandled)}) {
    ShutdownMap map = leaving(phase, end);
    conclude_map(map);
    auto left = std::find_if(map.findings.begin(), map.findings.end(),
                             [](const auto& finding) {
                               return finding.what == MapFinding::What::left;
                             });
    EXPECT_NE(left, map.findings.end()) << phase_name(phase);
  }
  ShutdownMap strict = leaving(Phase::before_listen, End::unhandled);
  strict.asked.strict_start = true;
  conclude_map(strict);
  EXPECT_EQ(strict.findings.size(), 2U);
}

TEST(MapVerdict, SaysFirstWhatHurtsMost) {
  ShutdownMap map = leaving(Phase::before_listen, End::exited);
  StopOutcome loses{End::exited, 0};
  loses.requests.lost = 3;
  map.points.push_back(point(Phase::loaded, loses));
  conclude_map(map);
  EXPECT_THAT(map.because, StartsWith("3 requests lost"));
  EXPECT_THAT(map.because, HasSubstr("and 1 more"));
}

TEST(MapVerdict, SaysThatAShellStandsBefore) {
  ShutdownMap map = leaving(Phase::listening, End::unhandled);
  map.asked.command = {"/bin/sh", "-c", "./server & wait"};
  conclude_map(map);
  EXPECT_THAT(map.remarks, Contains(HasSubstr("reaches /bin/sh")));
  for (const std::vector<std::string>& other :
       {std::vector<std::string>{"/bin/sh", "-c", "exec ./server"},
        {"./server", "-c", "x"},
        {"/bin/sh", "server.sh"}}) {
    map.asked.command = other;
    conclude_map(map);
    EXPECT_THAT(map.remarks, Not(Contains(HasSubstr("reaches"))));
  }
}

// Who only peeks has read none of them.
TEST(MapVerdict, SaysHowManyRequestsWereUnread) {
  StopOutcome stop{End::exited, 0};
  stop.requests.unread = 4;
  stop.requests.in_flight = 2;
  stop.requests.asked_before = 9;
  ShutdownMap map;
  map.points = {point(Phase::ready, {End::exited, 0}),
                point(Phase::loaded, stop)};
  conclude_map(map);
  EXPECT_THAT(map.remarks,
              Contains(HasSubstr("4 requests that it had not read yet")));
  map.points.back().tries.front().requests.unread = 1;
  map.remarks.clear();
  conclude_map(map);
  EXPECT_THAT(map.remarks, Contains(HasSubstr("1 request that it had not")));
}

// It stops so from listen(2) on, whatever it is doing.
ShutdownMap stopping(const StopOutcome& stop) {
  ShutdownMap map;
  for (Phase phase : {Phase::listening, Phase::ready, Phase::loaded}) {
    map.points.push_back(point(phase, stop));
  }
  return map;
}

// Its port was another one soon after it was ready: who is asked there is
// nobody.
TEST(MapVerdict, CannotTellOfOneThatWasAskedInVain) {
  ShutdownMap map = stopping({End::exited, 0});
  RequestCounts& requests = map.points.back().tries.front().requests;
  requests.asked_before = 31;
  requests.before = 16;
  conclude_map(map);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::could_not_tell);
  EXPECT_THAT(map.because,
              StartsWith("most requests, 16 of 31, were not answered even "
                         "before it was told to stop"));
  requests.before = 15;
  conclude_map(map);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean);
}

// A runtime that raises the signal again has handled nothing: of a program that
// has not listened yet that is no finding.
TEST(MapVerdict, TakesRaisingTheSignalForNoHandling) {
  ShutdownMap map = stopping({End::exited, 0});
  map.points.insert(map.points.begin(),
                    point(Phase::runtime_start, {End::raised, 15}));
  conclude_map(map);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean) << map.because;
  map.points[1].tries = {{End::raised, 15}};
  conclude_map(map);
  EXPECT_THAT(map.because,
              StartsWith("killed by its own hand without a shutdown: nothing "
                         "shows that it handled SIGTERM"));
}

TEST(MapVerdict, AllowsNoIdleStopByAnotherProcess) {
  ShutdownMap map = stopping({End::own_process, 15});
  map.asked.graceful = Graceful::any;
  conclude_map(map);
  EXPECT_THAT(map.because,
              StartsWith("told to stop when idle, it was killed by another "
                         "process of its own"));
  map = stopping({End::own_hand, 15});
  map.asked.graceful = Graceful::any;
  conclude_map(map);
  EXPECT_EQ(map.verdict, ShutdownMap::Verdict::clean) << map.because;
}

}  // namespace
}  // namespace faultrig
