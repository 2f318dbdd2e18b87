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

}  // namespace
}  // namespace faultrig
