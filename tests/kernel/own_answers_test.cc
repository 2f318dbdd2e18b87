// Programs that answer calls of theirs before anybody who listens to them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

std::string filtered(const std::string& test, const std::string& rest) {
  return "workload:\n  go_test: {dir: ../../go_fixtures, packages: ./filtered, "
         "mode: binary, run: ^" +
         test + "$, flags: [-v]}\n" + rest;
}

Rig::Told counts_none(const std::string& test) {
  return Rig::run(filtered(test,
                           "expect:\n"
                           "  - calls: {call: getppid, count: 0}\n"));
}

class OwnAnswers : public ::testing::TestWithParam<const char*> {};

TEST_P(OwnAnswers, LeaveOpenHowManyCallsWereMade) {
  SKIP_IF_MISSING(
      filtered(GetParam(), "expect:\n  - calls: {call: getppid}\n"));
  Rig::Told ran = Rig::run(
      filtered(GetParam(),
               "expect:\n  - calls: {call: getppid, count: {at_most: 9}}\n"));
  if (ran.evidence->out().find("input/output error") != std::string::npos) {
    GTEST_SKIP() << "needs PTRACE_SETREGS";
  }
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("faultrig may not hear of calls after it"));
}

INSTANTIATE_TEST_SUITE_P(Each, OwnAnswers,
                         ::testing::Values("TestIsAnswered", "TestDispatches",
                                           "TestSetsRegistersOfAChild"));

TEST(OwnAnswersOf, AFilterHideACallThatIsSaidNotToBeMade) {
  SKIP_IF_MISSING(
      filtered("TestIsAnswered", "expect:\n  - calls: {call: getppid}\n"));
  Rig::Told ran = counts_none("TestIsAnswered");
  EXPECT_THAT(ran.evidence->out(), HasSubstr("getppid: -1"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

TEST(OwnAnswersOf, AProbeAreNone) {
  SKIP_IF_MISSING(
      filtered("TestAsksWhatThereIs", "expect:\n  - calls: {call: getppid}\n"));
  Rig::Told ran =
      Rig::run(filtered("TestAsksWhatThereIs",
                        "expect:\n  - calls: {call: getppid, count: 1}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// What a fault did it did, whatever came after it.
TEST(OwnAnswersOf, AFilterTakeNothingFromWhatAFaultDid) {
  std::string yaml = filtered("TestIsAnswered", R"(
faults:
  - syscall: {call: prctl, delay: 1ms}
expect:
  - test: {exited: 0}
)");
  expect_pass(yaml);
}

// But for the filter the second call would be the one.
TEST(OwnAnswersOf, AFilterLeaveOpenWhichCallWasTheSecond) {
  std::string yaml = filtered("TestIsAnswered", R"(
faults:
  - syscall: {call: prctl, returns: 0, nth: 9}
expect:
  - test: {exited: 0}
)");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement), HasSubstr("calls count that may be hidden"));
}

}  // namespace
}  // namespace faultrig
