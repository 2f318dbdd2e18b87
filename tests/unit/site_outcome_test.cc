// What an error at a call site came to, by what one run has shown.
#include "harness/sweep/site_outcome.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using End = SiteRun::End;
using Outcome = SiteOutcome;

CallSite site_of_call(const std::string& call,
                      const std::string& id = "9ca1db57fa30c793") {
  CallSite site;
  site.id = id;
  site.call = call;
  site.entry = "os.(*File).Sync";
  site.frames = {{"example.com/store.(*DB).Put", "/src/store.go", 21}};
  site.owner = CallOwner::program;
  site.calls = 1;
  site.recordings = 1;
  return site;
}

SiteRun ended(End end) {
  SiteRun run;
  run.end = end;
  run.end_text = "exited 1";
  run.effects = 1;
  run.calls = 1;
  return run;
}

SiteJudgement judged(const SiteRun& run, Each each = Each::once,
                     const SiteRun& golden = {}) {
  return site_outcome(run, {golden}, site_of_call("fsync"), {.each = each});
}

TEST(SiteOutcome, IsSurfacedWhereTheFailureNamesTheError) {
  SiteRun run = ended(End::failed);
  run.said = {"store_test.go:9: sync: input/output error"};
  EXPECT_EQ(judged(run).outcome, Outcome::surfaced);
  EXPECT_EQ(judged(run).because, run.said[0]);
}

TEST(SiteOutcome, IsFailedWithoutAWordOfIt) {
  EXPECT_EQ(judged(ended(End::failed)).outcome, Outcome::failed);
}

// A program that prints such words anyway has said nothing.
TEST(SiteOutcome, DoesNotTakeForAWordWhatIsPrintedWithoutTheFault) {
  SiteRun golden;
  golden.output = "testing an input/output error\nPASS\n";
  SiteRun run = ended(End::passed);
  run.said = {"testing an input/output error"};
  EXPECT_EQ(judged(run, Each::once, golden).outcome, Outcome::swallowed);
  run.said.emplace_back("sync: input/output error");
  EXPECT_EQ(judged(run, Each::once, golden).outcome, Outcome::handled);
}

TEST(SiteOutcome, IsSwallowedWhereItPassedInSilence) {
  EXPECT_EQ(judged(ended(End::passed)).outcome, Outcome::swallowed);
}

TEST(SiteOutcome, IsHandledWhereTheCallWasMadeAgain) {
  SiteRun run = ended(End::passed);
  run.calls = 2;
  EXPECT_EQ(judged(run).outcome, Outcome::handled);
  EXPECT_EQ(judged(run, Each::from_then_on).outcome, Outcome::swallowed);
}

// os.Remove tries rmdir behind unlink, whoever asks.
TEST(SiteOutcome, DoesNotTakeTheLibrarysSecondTryForTheProgramsOwn) {
  SiteRun run = ended(End::passed);
  run.calls = 2;
  CallSite site = site_of_call("unlinkat");
  site.entry = "os.Remove";
  EXPECT_EQ(site_outcome(run, {}, site, {}).outcome, Outcome::swallowed);
}

TEST(SiteOutcome, IsHandledWhereTheLibraryDoesWithoutTheCall) {
  CallSite site = site_of_call("fstat");
  site.entry = "os.ReadFile";
  EXPECT_EQ(site_outcome(ended(End::passed), {}, site, {}).outcome,
            Outcome::handled);
}

// One test that tries again says nothing of another that does not.
TEST(SiteOutcome, IsHandledInEachTestOrInNone) {
  SiteRun run = ended(End::passed);
  run.hit = {0, 1};
  run.calls = 2;
  run.said = {"no sync: input/output error"};
  EXPECT_EQ(judged(run, Each::per_test).outcome, Outcome::swallowed);
  EXPECT_EQ(look_again(judged(run, Each::per_test), run, {}, {}).outcome,
            Outcome::swallowed);
  run.calls = 3;
  EXPECT_EQ(judged(run, Each::per_test).outcome, Outcome::handled);
  run.calls = 2;
  run.said.push_back(run.said[0]);
  EXPECT_EQ(judged(run, Each::per_test).outcome, Outcome::handled);
}

TEST(SiteOutcome, IsLostWhateverTheRunItselfSaid) {
  for (End end : {End::passed, End::failed, End::hung}) {
    SiteRun run = ended(end);
    run.lost = "exited 1: no record 7";
    EXPECT_EQ(judged(run).outcome, Outcome::lost);
    EXPECT_EQ(judged(run).because,
              "it exited 1; afterwards the recover command exited 1: no record "
              "7");
    run.effects = 0;
    EXPECT_EQ(judged(run).outcome, Outcome::never);
  }
}

TEST(SiteOutcome, OfAKillIsWhatIsThereAfterwards) {
  FaultPoint kill{.harm = Harm::kill};
  SiteRun run = ended(End::killed);
  CallSite site = site_of_call("fsync");
  EXPECT_EQ(site_outcome(run, {}, site, kill).outcome, Outcome::handled);
  EXPECT_EQ(judged(run).outcome, Outcome::crashed);
  run.lost = "exited 1";
  run.end_text = "killed by SIGKILL";
  EXPECT_EQ(site_outcome(run, {}, site, kill).outcome, Outcome::lost);
  EXPECT_THAT(site_outcome(run, {}, site, kill).because,
              HasSubstr("it was killed by SIGKILL; afterwards"));
}

TEST(SiteOutcome, OfADelayIsHandledWhereItPassed) {
  FaultPoint late{.harm = Harm::delay, .amount = 1000};
  CallSite site = site_of_call("fsync");
  EXPECT_EQ(site_outcome(ended(End::passed), {}, site, late).outcome,
            Outcome::handled);
  EXPECT_EQ(site_outcome(ended(End::failed), {}, site, late).outcome,
            Outcome::failed);
}

TEST(SiteOutcome, IsCrashedByAPanicOfTheProgram) {
  SiteRun run = ended(End::panicked);
  run.top = "example.com/store.(*DB).Rotate (store.go:29)";
  EXPECT_EQ(judged(run).outcome, Outcome::crashed);
  EXPECT_THAT(judged(run).because, HasSubstr("store.go:29"));
}

TEST(SiteOutcome, IsNoCrashWhereATestPanickedWithTheError) {
  SiteRun run = ended(End::panicked);
  run.top_is_test = true;
  EXPECT_EQ(judged(run).outcome, Outcome::failed);
  run.said = {"panic: can't write PID file: input/output error"};
  EXPECT_EQ(judged(run).outcome, Outcome::surfaced);
}

TEST(SiteOutcome, IsOfTheRuntimeWhereNoFunctionOfTheProgramIsOnTop) {
  SiteRun run = ended(End::fatal);
  run.end_text = "fatal error: runtime: out of memory";
  EXPECT_EQ(judged(run).outcome, Outcome::runtime);
  run.end_text = "fatal error: all goroutines are asleep - deadlock!";
  EXPECT_EQ(judged(run).outcome, Outcome::hung);
  run.end_text = "fatal error: concurrent map writes";
  run.top = "example.com/store.(*DB).Put (store.go:3)";
  EXPECT_EQ(judged(run).outcome, Outcome::crashed);
}

TEST(SiteOutcome, IsExitedHungOrLeaked) {
  EXPECT_EQ(judged(ended(End::exited)).outcome, Outcome::exited);
  EXPECT_EQ(judged(ended(End::hung)).outcome, Outcome::hung);
  SiteRun run = ended(End::passed);
  run.left = {"sleep"};
  EXPECT_EQ(judged(run).outcome, Outcome::leaked);
  SiteRun golden;
  golden.left = {"sleep"};
  EXPECT_EQ(judged(run, Each::once, golden).outcome, Outcome::swallowed);
}

TEST(SiteOutcome, IsNeverOrUnknownWhereNothingWasSeen) {
  SiteRun run = ended(End::passed);
  run.effects = 0;
  EXPECT_EQ(judged(run).outcome, Outcome::never);
  run.trouble = "the shim was killed";
  EXPECT_EQ(judged(run).outcome, Outcome::unknown);
  EXPECT_EQ(judged(run).because, "the shim was killed");
}

TEST(SiteOutcome, IsHandledWhereAnotherCallTookThePlace) {
  std::vector<CallSite> golden{site_of_call("fsync")};
  SiteRun run = ended(End::passed);
  run.sites = golden;
  SiteJudgement silent = judged(run);
  EXPECT_EQ(look_again(silent, run, golden[0], golden).outcome,
            Outcome::swallowed);
  run.sites.push_back(site_of_call("unlinkat", "1111111111111111"));
  EXPECT_EQ(look_again(silent, run, golden[0], golden).outcome,
            Outcome::handled);
}

// os.RemoveAll opens the folder behind a failed unlink(2), whoever asks.
TEST(SiteOutcome, DoesNotTakeTheLibrarysNextCallForTheProgramsOwn) {
  CallSite failed = site_of_call("unlinkat");
  failed.entry = "os.RemoveAll";
  CallSite next = site_of_call("openat", "1111111111111111");
  next.entry = "os.RemoveAll";
  SiteRun run = ended(End::passed);
  run.sites = {failed, next};
  SiteJudgement silent = judged(run);
  EXPECT_EQ(look_again(silent, run, failed, {failed}).outcome,
            Outcome::swallowed);
  run.sites[1].frames[0].function = "example.com/store.(*DB).Mark";
  EXPECT_EQ(look_again(silent, run, failed, {failed}).outcome,
            Outcome::handled);
}

TEST(SitePoints, BeginWithWhatCostsDataAndLeaveOthersOut) {
  std::vector<CallSite> sites{site_of_call("newfstatat"), site_of_call("close"),
                              site_of_call("write"), site_of_call("fsync")};
  sites.push_back(site_of_call("read"));
  sites.back().owner = CallOwner::runtime;
  std::vector<std::string> points;
  for (const FaultPoint& point : site_points({}, sites)) {
    points.push_back(sites[point.site].call + " " +
                     std::to_string(point.error) + " " +
                     std::string(each_name(point.each)));
  }
  std::string space = std::to_string(ENOSPC);
  std::string io = std::to_string(EIO);
  EXPECT_THAT(points, ElementsAre("fsync " + io + " once",
                                  "fsync " + io + " from_then_on",
                                  "write " + space + " once",
                                  "write " + space + " from_then_on",
                                  "newfstatat " + io + " once",
                                  "newfstatat " + io + " from_then_on"));
}

TEST(SitePoints, AreWhatWasAskedFor) {
  std::vector<CallSite> sites{site_of_call("close"), site_of_call("write")};
  SweepAsked asked;
  asked.calls = {"close"};
  asked.errors = {EIO, EDQUOT};
  asked.each = {Each::once};
  EXPECT_EQ(site_points(asked, sites).size(), 2U);
}

TEST(SitePoints, ArePerTestOnlyWhereThatIsNotOnce) {
  std::vector<CallSite> sites{site_of_call("fsync")};
  SweepAsked asked;
  asked.each = {Each::once, Each::per_test};
  EXPECT_EQ(site_points(asked, sites).size(), 1U);
  sites[0].tests = {"store.TestPut", "store.TestKeep"};
  EXPECT_EQ(site_points(asked, sites).size(), 2U);
  sites[0].tests.clear();
  asked.each = {Each::per_test};
  EXPECT_EQ(site_points(asked, sites).size(), 1U);
}

std::vector<std::string> faults_of(const SweepAsked& asked) {
  std::vector<CallSite> sites{site_of_call("write"), site_of_call("fsync"),
                              site_of_call("newfstatat")};
  std::vector<std::string> out;
  for (const FaultPoint& point : site_points(asked, sites)) {
    out.push_back(sites[point.site].call + " " + point.fault() + " " +
                  std::string(each_name(point.each)));
  }
  return out;
}

TEST(SitePoints, AreKillsShortCallsAndDelaysInPlaceOfErrors) {
  SweepAsked asked;
  asked.kill = true;
  EXPECT_THAT(faults_of(asked),
              ElementsAre("fsync SIGKILL once", "write SIGKILL once"));
  std::vector<CallSite> often{site_of_call("fsync")};
  often[0].calls = 3;
  std::vector<FaultPoint> points = site_points(asked, often);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[1].fault(), "SIGKILL at its call 3");
  asked.kill = false;
  asked.shorten = 1;
  asked.each = {Each::once};
  EXPECT_THAT(faults_of(asked), ElementsAre("write short 1B once"));
  asked.delay = 1'000'000'000;
  asked.shorten.reset();
  asked.calls = {"fsync"};
  asked.errors = {EIO};
  EXPECT_THAT(faults_of(asked),
              ElementsAre("fsync EIO once", "fsync delay 1s once"));
}

TEST(JoinedSites, CountInHowManyRecordingsEachWas) {
  SiteRun first;
  first.sites = {site_of_call("fsync"), site_of_call("write")};
  SiteRun second;
  second.sites = {site_of_call("fsync")};
  second.sites[0].calls = 5;
  std::vector<CallSite> sites = joined_sites({first, second});
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[0].calls, 5);
  EXPECT_EQ(sites[0].recordings, 2);
  EXPECT_EQ(sites[1].recordings, 1);
}

CallSite over_line(int line, std::int64_t first) {
  CallSite site = site_of_call("fsync");
  site.calls = 5;
  site.frames[0].line = line;
  site.first = first;
  return site;
}

// By a number that is another one each time nothing could be met again.
TEST(JoinedSites, HaveOtherLinesWhereTheirNumberIsTheSameEachTime) {
  SiteRun first;
  first.sites = {over_line(20, 1), over_line(30, 3), over_line(40, 4)};
  SiteRun second;
  second.sites = {over_line(20, 1), over_line(30, 3), over_line(40, 5)};
  std::vector<CallSite> sites = joined_sites({first, second});
  ASSERT_EQ(sites.size(), 2U);
  EXPECT_EQ(sites[1].frames[0].line, 30);
  second.sites.resize(1);
  EXPECT_EQ(joined_sites({first, second}).size(), 1U);
}

TEST(SitePoints, BeginAtTheFirstCallOverTheirLines) {
  SweepAsked asked;
  asked.each = {Each::once, Each::per_test, Each::from_then_on};
  std::vector<CallSite> sites{over_line(30, 3)};
  sites[0].tests = {"store.TestPut", "store.TestKeep"};
  std::vector<FaultPoint> points = site_points(asked, sites);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].nth, 3);
  EXPECT_EQ(points[1].nth, 3);
  EXPECT_EQ(points[1].each, Each::from_then_on);
}

SiteSweep swept(Outcome outcome) {
  SiteSweep sweep;
  sweep.sites = {site_of_call("fsync")};
  SitePoint point;
  point.outcome = outcome;
  sweep.points = {point};
  return sweep;
}

TEST(ConcludedSweep, IsRedForAFindingThatIsNotAllowed) {
  SiteSweep sweep = swept(Outcome::swallowed);
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::findings);
  sweep.allowed = {{"9ca1db", "", Outcome::swallowed, "a cache"}};
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::clean);
  EXPECT_TRUE(sweep.allowed[0].met);
  EXPECT_EQ(sweep.points[0].allowed, "a cache");
  EXPECT_THAT(sweep.counts(), IsEmpty());
}

TEST(ConcludedSweep, AllowsOneOutcomeAndNoOther) {
  SiteSweep sweep = swept(Outcome::hung);
  sweep.allowed = {{"9ca1db", "", Outcome::swallowed, "a cache"}};
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::findings);
  EXPECT_FALSE(sweep.allowed[0].met);
}

TEST(ConcludedSweep, CannotTellWhereNothingWasSeen) {
  SiteSweep sweep = swept(Outcome::unknown);
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::could_not_tell);
  sweep = swept(Outcome::surfaced);
  sweep.left = 3;
  conclude_sweep(sweep);
  EXPECT_EQ(sweep.verdict, SiteSweep::Verdict::could_not_tell);
  EXPECT_THAT(sweep.because, HasSubstr("3 were not tried"));
  SiteSweep none;
  conclude_sweep(none);
  EXPECT_EQ(none.verdict, SiteSweep::Verdict::could_not_tell);
}

}  // namespace
}  // namespace faultrig
