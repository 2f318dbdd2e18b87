// `observe: goroutines`: looks at programs that run, at the moments that a
// scenario names.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string kOldest = "/usr/lib/go-1.19/bin/go";

std::string leaks(const std::string& test, const std::string& more,
                  const std::string& expect) {
  return go_test_of("leaks_each_time", test, ", count: 12" + more) +
         "observe:\n  - goroutines: {at: [test, end]}\nexpect:\n  - "
         "goroutines: {" +
         expect + "}\n";
}

// The moments of all looks, each with what it was of.
std::vector<std::string> moments(const Evidence& evidence) {
  std::vector<std::string> out;
  for (const Observation& seen : evidence.trace()) {
    if (seen.fact == Fact::goroutine_look) {
      out.push_back(seen.action + (seen.number == 0 ? " failed: " : " ") +
                    seen.text);
    }
  }
  return out;
}

TEST(GoroutineLooks, FindWhatEachTestLeavesBehind) {
  std::string yaml = leaks("TestLeaks", "", "grows: none");
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::fail, yaml);
  ASSERT_FALSE(told.judgement.findings.empty());
  EXPECT_THAT(told.judgement.findings.front().because,
              HasSubstr("[chan send] in leaks_each_time.TestLeaks.func1"));
  EXPECT_EQ(
      Rig::run(leaks("TestKeepsAPool", "", "grows: none")).judgement.verdict,
      Verdict::pass);
}

TEST(GoroutineLooks, FindItInTheOldestGoToo) {
  if (!std::filesystem::exists(kOldest)) {
    GTEST_SKIP() << "needs Go 1.19";
  }
  const std::string old = ", go: " + kOldest;
  std::string yaml = leaks("TestLeaks", old, "grows: some");
  SKIP_IF_MISSING(yaml);
  SKIP_WITHOUT_STACKS();  // a kernel in user mode, where a look takes too long
  expect_pass(yaml);
  expect_pass(leaks("TestEndsLate", old, "leaked: none"));
}

// What is left when it exits is not told to leak, and not to be well.
TEST(GoroutineLooks, SayThatAWorkerMayBeMeantToLiveOn) {
  std::string yaml = leaks("TestKeepsAPool", "", "leaked: none");
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::inconclusive, yaml);
  EXPECT_THAT(told.judgement.findings.front().because,
              HasSubstr("leaks_each_time.work"));
}

TEST(GoroutineLooks, ComeAtTheMomentsThatAreNamed) {
  std::string yaml =
      go_test_of("leaks_each_time", "TestReadsWell") +
      "observe:\n  - goroutines: {at: [start, fault, test, end]}\n"
      "faults:\n  - syscall: {call: openat, path: '*/app.conf', delay: 1ms, "
      "name: slow}\nexpect:\n  - test: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  std::vector<std::string> all = moments(*told.evidence);
  std::sort(all.begin(), all.end());
  EXPECT_THAT(
      all, ElementsAre("end ", "fault slow", "start ", "test TestReadsWell"));
}

// It does not wait for us where it cannot exec, and gives up by 127.
TEST(GoroutineLooks, DoNotKeepWhatCannotBeStarted) {
  std::string yaml =
      "workload: {command: [/nowhere/at-all]}\nobserve:\n  - goroutines: {at: "
      "end}\nexpect:\n  - command: never_started\n";
  SKIP_IF_MISSING(yaml);
  expect_pass(yaml);
}

// A program that is none of Go's is not looked at, and ends as it would.
TEST(GoroutineLooks, LeaveOtherProgramsAlone) {
  std::string yaml =
      "workload: {command: [sh, -c, 'true; exit 3']}\nobserve:\n  - "
      "goroutines: {at: [start, end]}\nexpect:\n  - command: {exited: 3}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(moments(*told.evidence), IsEmpty());
}

TEST(GoroutineLooks, SeeAServiceReadyAndAboutToBeStopped) {
  std::string yaml =
      "workload:\n  service:\n    go_build: {dir: " +
      fixtures_folder().string() +
      ", package: ./service/good}\nobserve:\n  - goroutines: {at: [ready, "
      "end]}\nexpect:\n  - service: {exited: 0}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(moments(*told.evidence), ElementsAre("ready ", "end "));
}

// Where a look each millisecond is asked for, as many are taken as leave the
// run its time.
TEST(GoroutineLooks, TakeTurnsWithTheRun) {
  std::string yaml =
      go_test_of("leaks_each_time", "TestKeepsAPool", ", count: 8") +
      "observe:\n  - goroutines: {every: 1ms}\nexpect:\n  - test: {exited: "
      "0}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  std::vector<std::string> all = moments(*told.evidence);
  EXPECT_GE(std::count(all.begin(), all.end(), "every "), 5);
  EXPECT_LE(std::count(all.begin(), all.end(), "every "), 400);
  EXPECT_THAT(all, Contains("end "));
}

// Two looks at a hang, more than a second apart.
TEST(GoroutineLooks, ComeBeforeItsTimeIsOver) {
  std::string yaml =
      go_test_of("locks_crosswise", "TestTransfersBothWays", ", mode: binary") +
      "  deadline: 3s\ngolden: false\nobserve:\n  - goroutines: {at: end}\n"
      "expect:\n  - goroutines: {deadlock: likely}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run_to(Verdict::pass, yaml);
  EXPECT_THAT(moments(*told.evidence), Contains("late "));
}

}  // namespace
}  // namespace faultrig
