// What one run of a sweep has shown, from what the kernel saw.
#include "harness/sweep/site_run.h"

#include <cerrno>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using End = SiteRun::End;

const TriedFault kSyncFails{"fsync", "9ca1db57", EIO};

TraceBuilder& synced(TraceBuilder& trace, const std::string& site,
                     int fault = kNoFault) {
  trace.call("fsync", "/data/log", fault == kNoFault ? 0 : EIO);
  trace.parts.trace.back().site = site;
  trace.parts.trace.back().fault = fault;
  return trace;
}

TraceBuilder failing() {
  TraceBuilder trace;
  trace.fault("syscall");
  synced(trace, "9ca1db57fa30c793", 0);
  return trace.took_effect(0);
}

SiteRun run_of(const TraceBuilder& trace) {
  return tried_run(trace.evidence(), kSyncFails);
}

TEST(SiteRun, PassedOrFailedAsTheKernelSaw) {
  EXPECT_EQ(run_of(failing().exited("test", 0)).end, End::passed);
  TraceBuilder failed = failing().exited("test", 1);
  failed.parts.out = "--- FAIL: TestPut (0.00s)\nFAIL\n";
  EXPECT_EQ(run_of(failed).end, End::failed);
  EXPECT_EQ(run_of(failing().exited("command", 1)).end, End::failed);
}

TEST(SiteRun, ExitedWhereNoTestHadAVerdict) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out = "FATAL: no inotify\n";
  EXPECT_EQ(run_of(trace).end, End::exited);
}

TEST(SiteRun, CountsEffectsAndTheCallsOfItsSiteAlone) {
  TraceBuilder trace = failing();
  synced(trace, "9ca1db57fa30c793");
  synced(trace, "0000000000000000");
  trace.call("write").exited("test", 0);
  SiteRun run = run_of(trace);
  EXPECT_EQ(run.effects, 1);
  EXPECT_EQ(run.calls, 2);
}

// A lock that could not be let go of would be held on by us, not by it.
TEST(SiteRun, HasNoCallThatLetsGoOfALock) {
  TraceBuilder trace;
  for (const char* asked : {"LOCK_EX|LOCK_NB", "LOCK_UN", "LOCK_SH"}) {
    trace.call("flock", "/data/lock");
    trace.parts.trace.back().site = "9ca1db57fa30c793";
    trace.parts.trace.back().text = asked;
  }
  trace.call("flock", "/data/other");
  trace.parts.trace.back().site = "0123456789abcdef";
  trace.parts.trace.back().text = "LOCK_UN";
  SiteRun run = recorded_run(trace.exited("test", 0).evidence());
  ASSERT_EQ(run.sites.size(), 1U);
  EXPECT_EQ(run.sites[0].calls, 2);
  SiteRun tried = tried_run(trace.evidence(), {"flock", "9ca1db57", ENOLCK});
  EXPECT_EQ(tried.calls, 2);
}

GoStackPtr put_over(int line) {
  return std::make_shared<const GoStack>(
      GoStack{{{"syscall.fsync", "sys.go", 1},
               {"os.(*File).Sync", "file.go", 1},
               {"x.org/db.Put", "db.go", line},
               {"x.org/db.TestPut", "db_test.go", 9},
               {"testing.tRunner", "testing.go", 1}},
              ""});
}

TraceBuilder& synced_over(TraceBuilder& trace, int line) {
  synced(trace, "9ca1db57fa30c793");
  trace.parts.trace.back().stack = put_over(line);
  return trace;
}

// Two calls of one kind in one function: the second may be the one that nobody
// looks at.
TEST(SiteRun, TellsApartByTheirLinesCallsThatShareAnId) {
  TraceBuilder trace;
  for (int line : {20, 20, 30, 20, 30}) {
    synced_over(trace, line);
  }
  SiteRun run = recorded_run(trace.exited("test", 0).evidence());
  ASSERT_EQ(run.sites.size(), 2U);
  EXPECT_EQ(run.sites[0].first, 1);
  EXPECT_EQ(run.sites[0].frames[0].line, 20);
  EXPECT_EQ(run.sites[1].first, 3);
  EXPECT_EQ(run.sites[1].frames[0].line, 30);
  EXPECT_EQ(run.sites[1].calls, 5);
  EXPECT_EQ(run.told(), 5);
}

// Of a hundred lines a few are enough; without an order there is no number.
TEST(SiteRun, TellsAFewLinesOfASiteAndNoneWithoutAnOrder) {
  TraceBuilder many;
  for (int line = 1; line <= 100; ++line) {
    synced_over(many, line);
  }
  EXPECT_EQ(recorded_run(many.evidence()).sites.size(), 8U);
  TraceBuilder summed;
  synced_over(summed, 20);
  summed.add(Fact::calls_untold, "test", 10);
  summed.parts.trace.back().call = "fsync";
  summed.parts.trace.back().site = "9ca1db57fa30c793";
  synced_over(summed, 30);
  EXPECT_EQ(recorded_run(summed.evidence()).sites.size(), 1U);
}

// What os.MkdirAll could not look at it believes is not there.
TEST(SiteRun, KnowsTheErrorThatTheLibraryGivesInstead) {
  TraceBuilder trace;
  trace.fault("syscall");
  trace.call("newfstatat", "/tmp", EIO);
  Observation& look = trace.parts.trace.back();
  look.site = "9ca1db57fa30c793";
  look.fault = 0;
  look.stack =
      std::make_shared<const GoStack>(GoStack{{{"syscall.fstatat", "sys.go", 1},
                                               {"os.MkdirAll", "path.go", 1},
                                               {"x.org/db.Open", "db.go", 8}},
                                              ""});
  trace.took_effect(0).exited("test", 1);
  trace.parts.out = "mkdir /tmp: file exists\n";
  TriedFault fault{"newfstatat", "9ca1db57", EIO};
  EXPECT_THAT(tried_run(trace.evidence(), fault).said,
              ElementsAre("mkdir /tmp: file exists"));
  look.call = "fsync";
  trace.parts.trace[1].stack = put_over(20);
  fault.call = "fsync";
  EXPECT_THAT(tried_run(trace.evidence(), fault).said, IsEmpty());
}

TEST(SiteRun, FindsTheLinesThatNameTheErrorOrThePath) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out = "all is well\nsync: Input/output error\n";
  trace.parts.err = "got EIO\ncannot keep /data/log\n";
  EXPECT_THAT(run_of(trace).said,
              ElementsAre("sync: Input/output error", "got EIO",
                          "cannot keep /data/log"));
}

// As SQLite has it.
TEST(SiteRun, KnowsTheWordsThatLibrariesHaveForAnError) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out = "put: database or disk is full\nget: disk I/O error\n";
  EXPECT_THAT(run_of(trace).said, ElementsAre("get: disk I/O error"));
  TriedFault full = kSyncFails;
  full.error = ENOSPC;
  EXPECT_THAT(tried_run(trace.evidence(), full).said,
              ElementsAre("put: database or disk is full"));
}

// A line below the name of a failed test is that test's.
TEST(SiteRun, TellsByWhichTestALineIsSaid) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out =
      "sync: input/output error\n--- FAIL: TestPut (0.00s)\n"
      "    a_test.go:3: input/output error\n";
  EXPECT_THAT(run_of(trace).tests.said_in, ElementsAre("", "TestPut"));
  EXPECT_THAT(run_of(trace).tests.hit, ElementsAre(""));
}

TEST(SiteRun, KnowsWhichTestsFailedAndWhichOfThemSaidWhy) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out =
      "--- FAIL: TestPut (0.00s)\n    a_test.go:3: input/output error\n"
      "--- FAIL: TestAll (0.00s)\n    --- FAIL: TestAll/one (0.00s)\n"
      "        a_test.go:9: lost\nFAIL\n";
  SiteRun run = run_of(trace);
  ASSERT_EQ(run.tests.failing.size(), 3U);
  EXPECT_EQ(run.tests.failing[0].name, "TestPut");
  EXPECT_TRUE(run.tests.failing[0].said);
  EXPECT_EQ(run.tests.failing[2].name, "TestAll/one");
  EXPECT_FALSE(run.tests.failing[1].said || run.tests.failing[2].said);
}

constexpr const char* kPanic =
    "panic: lost\n\ngoroutine 7 [running]:\n"
    "example.com/store.(*DB).Put(0xc000012345)\n"
    "\t/src/store.go:21 +0x1d\n"
    "example.com/store.TestPut(0xc000012345)\n"
    "\t/src/store_test.go:9 +0x1d\nexit status 2\n";

TEST(SiteRun, TellsAPanicWithTheFunctionAtItsTop) {
  TraceBuilder trace = failing().exited("test", 2);
  trace.parts.err = kPanic;
  SiteRun run = run_of(trace);
  EXPECT_EQ(run.end, End::panicked);
  EXPECT_EQ(run.end_text, "panic: lost");
  EXPECT_EQ(run.top, "example.com/store.(*DB).Put (store.go:21)");
  EXPECT_FALSE(run.top_is_test);
}

// The test had the error, and went on with nothing.
TEST(SiteRun, BlamesTheTestForAMethodOfNil) {
  TraceBuilder trace = failing().exited("test", 2);
  std::string text = kPanic;
  trace.parts.err = text.replace(
      0, 11,
      "panic: runtime error: invalid memory address or nil pointer "
      "dereference");
  EXPECT_TRUE(run_of(trace).top_is_test);
}

// A test that printed a panic of another program ended as a test ends.
TEST(SiteRun, DoesNotTakeAPrintedPanicForItsEnd) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.err = std::string(kPanic) + "--- FAIL: TestPut (0.00s)\nFAIL\n";
  EXPECT_EQ(run_of(trace).end, End::failed);
}

TEST(SiteRun, HungNamesWhatWaits) {
  TraceBuilder trace = failing();
  trace.add(Fact::deadline_passed).killed("test", SIGKILL);
  trace.parts.err =
      "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n"
      "goroutine 7 [sync.Mutex.Lock]:\n"
      "sync.runtime_SemacquireMutex(0x1)\n\t/go/src/runtime/sema.go:77 +0x1\n"
      "sync.(*Mutex).Lock(...)\n\t/go/src/sync/mutex.go:90\n"
      "example.com/store.(*DB).Length(0x1)\n\t/src/store.go:80 +0x1\n";
  SiteRun run = run_of(trace);
  EXPECT_EQ(run.end, End::hung);
  EXPECT_THAT(run.top, HasSubstr("example.com/store.(*DB).Length"));
}

Observation stood(const std::string& state, const GoFrame& frame) {
  Observation seen;
  seen.fact = Fact::goroutines_seen;
  seen.link = "test";
  seen.action = state;
  seen.number = 1;
  seen.stack = std::make_shared<const GoStack>(GoStack{{frame}, ""});
  return seen;
}

// The first goroutine of a dump waits for the tests; those that hang were seen
// from outside.
TEST(SiteRun, HungNamesThoseThatWereSeenToStand) {
  TraceBuilder trace = failing();
  trace.add(Fact::deadline_passed)
      .add(stood("chan receive", {"main.main", "/tmp/_testmain.go", 46}))
      .add(stood("sleep", {"example.com/store.poll", "/src/poll.go", 9}))
      .add(stood("sync.Mutex.Lock",
                 {"example.com/store.(*DB).Length", "/src/store.go", 80}));
  trace.parts.err =
      "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n"
      "goroutine 1 [chan receive]:\n"
      "main.main()\n\t/tmp/_testmain.go:46 +0x1\n";
  SiteRun run = run_of(trace.killed("test", SIGKILL));
  EXPECT_EQ(run.end, End::hung);
  EXPECT_EQ(run.top,
            "1 goroutine [sync.Mutex.Lock] in store.(*DB).Length "
            "(store.go:80); 1 goroutine [sleep] in store.poll (poll.go:9)");
}

TEST(SiteRun, HungDoesNotNameWhatWaitsForTheTests) {
  TraceBuilder trace = failing();
  trace.add(Fact::deadline_passed).killed("test", SIGKILL);
  trace.parts.err =
      "SIGQUIT: quit\nPC=0x1 m=0 sigcode=0\n\n"
      "goroutine 1 [chan receive]:\n"
      "main.main()\n\t/tmp/_testmain.go:46 +0x1\n\n"
      "goroutine 7 [chan receive]:\n"
      "example.com/store.read(0x1)\n\t/src/store.go:80 +0x1\n";
  EXPECT_THAT(run_of(trace).top, HasSubstr("example.com/store.read"));
}

TEST(SiteRun, KnowsNothingWhereWeHadTrouble) {
  TraceBuilder trace = failing().exited("test", 0);
  trace.add(Fact::trouble, "", 0, "no memory");
  EXPECT_THAT(run_of(trace).trouble, HasSubstr("no memory"));
  EXPECT_THAT(run_of(failing()).trouble, HasSubstr("nobody saw"));
}

TEST(SiteRun, TakesNoWordsForAFaultThatIsNoError) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out = "success\ncontext deadline exceeded\n";
  TriedFault kill{"fsync", "9ca1db57"};
  EXPECT_THAT(tried_run(trace.evidence(), kill).said, IsEmpty());
  kill.late = true;
  EXPECT_THAT(tried_run(trace.evidence(), kill).said,
              ElementsAre("context deadline exceeded"));
}

TEST(SiteRun, KnowsWhichOfItsFaultsTookEffect) {
  TraceBuilder trace = failing();
  trace.fault("syscall");
  synced(trace, "9ca1db57fa30c793", 1);
  trace.took_effect(1).took_effect(1).exited("test", 0);
  SiteRun run = run_of(trace);
  EXPECT_EQ(run.effects, 3);
  EXPECT_THAT(run.hit, ElementsAre(0, 1));
}

GoStackPtr stack_below(const std::string& test) {
  GoStack stack;
  stack.frames = {{"os.(*File).Sync", "/go/file.go", 1},
                  {"store.(*DB).Put", "/src/store.go", 2}};
  if (!test.empty()) {
    stack.frames.push_back({test, "/src/store_test.go", 3});
    stack.frames.push_back({"testing.tRunner", "/go/testing.go", 4});
  }
  return std::make_shared<const GoStack>(std::move(stack));
}

TEST(RecordedRun, KnowsTheTestsThatComeToASite) {
  TraceBuilder trace;
  for (const char* test :
       {"store.TestPut", "", "store.TestAll.func1", "store.TestPut"}) {
    synced(trace, "9ca1db57fa30c793");
    trace.parts.trace.back().stack = stack_below(test);
  }
  trace.exited("test", 0);
  EXPECT_THAT(recorded_run(trace.evidence()).sites[0].tests,
              ElementsAre("store.TestPut", "store.TestAll.func1"));
}

TEST(SiteRun, CountsItsCallsByTheirTests) {
  TraceBuilder trace = failing();
  for (const char* test : {"store.TestPut", "store.TestPut", ""}) {
    synced(trace, "9ca1db57fa30c793");
    trace.parts.trace.back().stack = stack_below(test);
  }
  SiteRun run = run_of(trace.exited("test", 0));
  EXPECT_EQ(run.tests.calls["store.TestPut"], 2);
  EXPECT_EQ(run.tests.calls[""], 2);
}

// Package time asks for /etc/localtime once, and does without.
TEST(RecordedRun, LeavesTheLocalZoneToTheRuntime) {
  TraceBuilder trace;
  synced(trace, "9ca1db57fa30c793");
  GoStack stack = *stack_below("");
  stack.frames.insert(stack.frames.begin(), {"time.initLocal", "", 1});
  trace.parts.trace.back().stack = std::make_shared<const GoStack>(stack);
  trace.exited("test", 0);
  EXPECT_EQ(recorded_run(trace.evidence()).sites[0].owner, CallOwner::runtime);
}

TEST(RecordedRun, HasASiteForEachPlaceAndItsCalls) {
  TraceBuilder trace;
  synced(trace, "9ca1db57fa30c793");
  synced(trace, "9ca1db57fa30c793");
  synced(trace, "");
  Observation sum;
  sum.fact = Fact::calls_untold;
  sum.call = "fsync";
  sum.site = "9ca1db57fa30c793";
  sum.number = 40;
  trace.add(sum).exited("test", 0);
  trace.parts.out = "PASS\n";
  SiteRun run = recorded_run(trace.evidence());
  ASSERT_EQ(run.sites.size(), 2U);
  EXPECT_EQ(run.sites[0].calls, 42);
  EXPECT_EQ(run.sites[1].id, "");
  EXPECT_EQ(run.told(), 43);
  EXPECT_EQ(run.output, "PASS\n\n");
  EXPECT_THAT(run.left, IsEmpty());
}

}  // namespace
}  // namespace faultrig
