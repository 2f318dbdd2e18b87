#include "harness/run/recorder.h"

#include <algorithm>
#include <cerrno>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

constexpr int kFlood = 100'200;

Observation call(const std::string& name, const std::string& path,
                 FaultId fault = kNoFault) {
  Observation seen;
  seen.source = Source::seccomp;
  seen.fact = Fact::call_intercepted;
  seen.fault = fault;
  seen.call = name;
  seen.path = path;
  seen.error = fault == kNoFault ? 0 : EIO;
  return seen;
}

Observation effect(FaultId fault) {
  Observation proof;
  proof.source = Source::seccomp;
  proof.fact = Fact::fault_activated;
  proof.fault = fault;
  return proof;
}

std::int64_t counted(const std::vector<Observation>& trace, Fact told,
                     Fact untold, FaultId fault, const std::string& name) {
  std::int64_t count = 0;
  for (const Observation& seen : trace) {
    if (seen.call == name && seen.fact == untold &&
        (fault == kNoFault || seen.fault == fault)) {
      count += seen.number;
    } else if (seen.call == name && seen.fact == told && seen.fault == fault) {
      ++count;
    }
  }
  return count;
}

TEST(Recorder, TellsAnEffectAfterAFloodOfCalls) {
  Recorder recorder;
  for (int i = 0; i < kFlood; ++i) {
    recorder.add(call("openat", "/a"));
  }
  recorder.add(call("fsync", "/b", 0));
  recorder.add(effect(0));
  auto trace = recorder.take();
  EXPECT_EQ(counted(trace, Fact::fault_activated, Fact::effects_untold, 0, ""),
            1);
  EXPECT_EQ(std::count_if(
                trace.begin(), trace.end(),
                [](const Observation& seen) { return seen.call == "fsync"; }),
            1);
}

TEST(Recorder, SumsUpWhatItDoesNotTell) {
  Recorder recorder;
  for (int i = 0; i < kFlood; ++i) {
    recorder.add(call("openat", i % 2 == 0 ? "/a" : "/b"));
  }
  auto trace = recorder.take();
  EXPECT_LT(trace.size(), 100'010U);
  EXPECT_EQ(counted(trace, Fact::call_intercepted, Fact::calls_untold, kNoFault,
                    "openat"),
            kFlood);
  const Observation& last = trace.back();
  EXPECT_EQ(last.fact, Fact::calls_untold);
  EXPECT_EQ(last.path, "/b");
  EXPECT_EQ(last.number, 100);
}

TEST(Recorder, KeepsEffectsOfOneFaultFromAnotherThatFloods) {
  Recorder recorder;
  for (int i = 0; i < kFlood; ++i) {
    recorder.add(call("read", "/a", 0));
    recorder.add(effect(0));
  }
  recorder.add(call("fsync", "/b", 1));
  recorder.add(effect(1));
  auto trace = recorder.take();
  EXPECT_EQ(counted(trace, Fact::fault_activated, Fact::effects_untold, 0, ""),
            kFlood);
  EXPECT_EQ(counted(trace, Fact::fault_activated, Fact::effects_untold, 1, ""),
            1);
  EXPECT_LT(trace.size(), 100'010U);
}

TEST(Recorder, LeavesPathsOutOfItsSumsWhereTheyAreTooMany) {
  Recorder recorder;
  for (int i = 0; i < 100'000 + 10'050; ++i) {
    recorder.add(call("openat", "/" + std::to_string(i)));
  }
  auto trace = recorder.take();
  auto rest = std::find_if(
      trace.begin(), trace.end(),
      [](const Observation& seen) { return seen.action == kAnyPath; });
  ASSERT_NE(rest, trace.end());
  EXPECT_EQ(rest->number, 50);
  EXPECT_EQ(rest->path, "");
}

using std::chrono::nanoseconds;

Observation about(Fact fact, Source source, nanoseconds at = {}) {
  Observation out;
  out.fact = fact;
  out.source = source;
  out.link = "test";
  out.at = at;
  return out;
}

std::int64_t clock_now() {
  return Recorder::Clock::now().time_since_epoch().count();
}

TEST(Recorder, KeepsTheTimeThatAnObservationHas) {
  Recorder recorder;
  recorder.launch();
  recorder.add(about(Fact::process_started, Source::shim, nanoseconds(7)));
  recorder.add(about(Fact::leftover, Source::harness));
  auto trace = recorder.take();
  EXPECT_EQ(trace[0].at, nanoseconds(7));
  EXPECT_GT(trace[1].at, nanoseconds(0));
}

TEST(Recorder, TakesAnotherProcessesClockWithinItsOwnBounds) {
  Recorder recorder;
  recorder.launch();
  std::int64_t between = clock_now();
  constexpr std::int64_t kHour = 3'600'000'000'000;
  auto taken = recorder.since_launch(between);
  auto future = recorder.since_launch(between + kHour);
  EXPECT_LE(taken, recorder.now());
  EXPECT_LE(future, recorder.now());
  EXPECT_EQ(recorder.since_launch(between - kHour), nanoseconds(1));
}

TEST(Recorder, DatesAnOomKillNoLaterThanTheEndItCaused) {
  Recorder recorder;
  recorder.launch();
  recorder.add(about(Fact::oom_kill, Source::cgroup, nanoseconds(900)));
  recorder.add(about(Fact::fault_activated, Source::cgroup, nanoseconds(901)));
  recorder.add(
      about(Fact::call_intercepted, Source::seccomp, nanoseconds(902)));
  recorder.date_kills("go", nanoseconds(100));
  recorder.date_kills("test", nanoseconds(500));
  auto trace = recorder.take();
  EXPECT_EQ(trace[0].at, nanoseconds(500));
  EXPECT_EQ(trace[1].at, nanoseconds(500));
  EXPECT_EQ(trace[2].at, nanoseconds(902));
}

}  // namespace
}  // namespace faultrig
