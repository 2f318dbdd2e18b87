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

TEST(SiteRun, FindsTheLinesThatNameTheErrorOrThePath) {
  TraceBuilder trace = failing().exited("test", 1);
  trace.parts.out = "all is well\nsync: Input/output error\n";
  trace.parts.err = "got EIO\ncannot keep /data/log\n";
  EXPECT_THAT(run_of(trace).said,
              ElementsAre("sync: Input/output error", "got EIO",
                          "cannot keep /data/log"));
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

TEST(SiteRun, KnowsNothingWhereWeHadTrouble) {
  TraceBuilder trace = failing().exited("test", 0);
  trace.add(Fact::trouble, "", 0, "no memory");
  EXPECT_THAT(run_of(trace).trouble, HasSubstr("no memory"));
  EXPECT_THAT(run_of(failing()).trouble, HasSubstr("nobody saw"));
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
  EXPECT_EQ(run.told, 43);
  EXPECT_EQ(run.output, "PASS\n\n");
  EXPECT_THAT(run.left, IsEmpty());
}

}  // namespace
}  // namespace faultrig
