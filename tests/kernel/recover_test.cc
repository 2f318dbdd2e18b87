// The command of `recover`: it sees what the workload left, without its faults,
// and how it ended is what is asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

const std::string kKilledInAWrite =
    "workload:\n"
    "  deadline: 5s\n"
    "  command: [sh, -c, 'echo 1 > $TMPDIR/a; echo 2 > $TMPDIR/a']\n"
    "  recover: RECOVER\n"
    "faults:\n"
    "  - syscall: {call: write, path: '*/a', fd: stdio, nth: 2, signal: "
    "SIGKILL}\n";

std::string with(const std::string& recover, const std::string& expect) {
  std::string yaml = kKilledInAWrite;
  yaml.replace(yaml.find("RECOVER"), 7, recover);
  return yaml +
         "expect:\n  - command: {killed_by: SIGKILL}\n  - recover: " + expect +
         "\n";
}

Judgement judged(const std::string& yaml) { return Rig::run(yaml).judgement; }

TEST(Recover, SeesWhatTheWorkloadLeft) {
  expect_pass(with("[sh, -c, 'test -s $TMPDIR/a || exit 3']", "{exited: 3}"));
  Judgement other =
      judged(with("[sh, -c, 'test -s $TMPDIR/a || exit 3']", "{exited: 0}"));
  EXPECT_EQ(other.verdict, Verdict::fail) << told(other);
  EXPECT_THAT(other.observed, HasSubstr("recover exited 3"));
}

// The fault is of the workload: what looks at it writes as it likes.
TEST(Recover, MeetsNoFault) {
  expect_pass(
      with("[sh, -c, 'echo 1 > $TMPDIR/a; echo 2 > $TMPDIR/a; test -s "
           "$TMPDIR/a']",
           "{exited: 0}"));
}

TEST(Recover, ThatFailsWhereNothingWentWrongProvesNothing) {
  Judgement bad =
      judged(with("[sh, -c, 'echo I always complain; exit 1']", "{exited: 1}"));
  EXPECT_EQ(bad.verdict, Verdict::inconclusive) << told(bad);
  EXPECT_THAT(told(bad), HasSubstr("I always complain"));
  Judgement never = judged(with("[/not/there]", "{exited: 1}"));
  EXPECT_EQ(never.verdict, Verdict::inconclusive) << told(never);
}

TEST(Recover, ThatHangsIsStoppedAndToldSo) {
  std::string yaml = with("[sleep, '100']", "{exited: 0}");
  yaml.replace(yaml.find("deadline: 5s"), 12, "deadline: 1s");
  Judgement hung = judged("golden: false\n" + yaml);
  EXPECT_EQ(hung.verdict, Verdict::fail) << told(hung);
  EXPECT_THAT(hung.observed, HasSubstr("recover hung"));
}

// What it leaves is not left to the machine.
TEST(Recover, LeavesNothingBehind) {
  Rig::Told ran =
      Rig::run(with("[sh, -c, 'setsid sleep 100 & exit 0']", "{exited: 0}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->count(Fact::leftover), 0U);
}

TEST(Recover, OfAServiceIsItsProgramAsItWasBuilt) {
  expect_pass(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./service/good}\n"
      "  recover: ['${program}', --help]\n"
      "faults:\n  - signal: {send: SIGTERM, when: {ready: true}}\n"
      "expect:\n  - service: {graceful: zero}\n"
      "  - recover: {exited: [0, 2]}\n");
}

// The need listens at an address of the service's network, and nobody does at
// the same one outside.
TEST(Recover, OfAServiceReachesWhatThatNeeded) {
  const std::string serves =
      "use IO::Socket::INET; my $s = IO::Socket::INET->new(LocalAddr => "
      "q(127.0.0.1:8431), Listen => 5) or die; while (my $c = $s->accept) { "
      "print $c qq(kept\\n); close $c }";
  const std::string asks =
      "use IO::Socket::INET; my $s = IO::Socket::INET->new(q(127.0.0.1:8431)) "
      "or exit 4; exit(<$s> eq qq(kept\\n) ? 0 : 5)";
  expect_pass(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./service/good}\n"
      "    needs:\n    - {name: db, command: [perl, -e, '" +
      serves +
      "'], ready: {tcp: 8431}}\n"
      "  recover: [perl, -e, '" +
      asks +
      "']\n"
      "faults:\n  - signal: {send: SIGTERM, when: {ready: true}}\n"
      "expect:\n  - service: {graceful: zero}\n  - recover: {exited: 0}\n");
}

TEST(Recover, IsAskedAboutWhereItIsRun) {
  EXPECT_THAT(Rig::complaints("workload: {command: ['true'], recover: "
                              "['true']}\n"
                              "expect:\n  - command: {exited: 0}\n"),
              HasSubstr("no expectation asks how it ended"));
  EXPECT_THAT(Rig::complaints("workload: {command: ['true']}\n"
                              "expect:\n  - recover: {exited: 0}\n"),
              HasSubstr("the workload has no command `recover`"));
  EXPECT_THAT(Rig::complaints("workload: {command: ['true'], recover: "
                              "['${program}']}\n"
                              "expect:\n  - recover: {exited: 0}\n"),
              HasSubstr("no go_build builds a ${program}"));
}

}  // namespace
}  // namespace faultrig
