// Faults that are released while their workload runs: exactly as much harm as
// was asked for, and what comes back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

std::string shell(const std::string& script, const std::string& faults,
                  const std::string& expect) {
  return "workload:\n  command: [bash, -c, '" + script + "']\nfaults:\n  - " +
         faults + "\nexpect:\n  - " + expect + "\n";
}

// The fourth call comes at once behind the third.
TEST(Release, HasExactlyAsManyEffectsAsItsFaultMayHave) {
  std::string yaml = shell(
      "for i in 1 2 3 4 5 6; do mkdir d || true; rmdir d 2>/dev/null || true; "
      "done; echo done",
      "syscall: {call: mkdir, error: ENOSPC, until: {effects: 3}}",
      "recovered: {after: syscall, call: mkdir}");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 3U);
  EXPECT_EQ(ran.evidence->count(Fact::fault_released), 1U);
}

TEST(Release, FailsWhereNothingComesBack) {
  std::string yaml =
      shell("mkdir d || echo gave up; sleep 0.3",
            "syscall: {call: mkdir, error: ENOSPC, until: {effects: 1}}",
            "recovered: {after: syscall, output: ^made$, within: 1s}");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("nothing of that came after the release"));
}

// By the clock: before the first effect it proves nothing.
TEST(Release, ProvesNothingBeforeTheFirstEffect) {
  std::string yaml =
      shell("sleep 0.4; mkdir d; rmdir d",
            "syscall: {call: mkdir, error: ENOSPC, until: {after: 50ms}}",
            "command: {exited: 0}");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_FALSE(ran.evidence->activated(0));
}

TEST(Release, GivesTheMemoryBack) {
  std::string yaml = shell(
      "set -o pipefail; until head -c 96M /dev/zero | tail -c 96M >/dev/null; "
      "do echo killed; done; echo held",
      "memory: {max: 32MiB, until: {effects: 1}}",
      "recovered: {after: memory, output: ^held$}");
  expect_pass(yaml);
}

// bash opens one file after the other, and keeps them.
TEST(Release, GivesTheDescriptorsBack) {
  std::string yaml =
      shell("echo go; until : </dev/null; do :; done; echo opened",
            "fds: {spare: 0, when: {output: go}, until: {effects: 2}}",
            "recovered: {after: fds, output: ^opened$}");
  expect_pass(yaml);
}

// A program may have lowered its limit itself.
TEST(Release, GivesBackTheLimitThatTheProgramHad) {
  std::string yaml = shell(
      "ulimit -Sn 100; echo go; until : </dev/null; do :; done; ulimit "
      "-Sn",
      "fds: {spare: 0, when: {output: go}, until: {effects: 2}}",
      "recovered: {after: fds, output: ^100$}");
  expect_pass(yaml);
}

// Another fault ended it: what this one would have done is not known.
TEST(Release, IsMissedWhereAnotherFaultEndsTheWorkload) {
  std::string yaml = shell(
      "for i in 1 2 3 4; do mkdir d || true; rmdir d || true; done; echo go; "
      "sleep 5",
      "syscall: {call: mkdir, error: ENOSPC, chance: 30%, until: {effects: "
      "100}}\n  - signal: {send: SIGTERM, when: {output: go}}",
      "command: {killed_by: SIGTERM}");
  expect_verdict(yaml, Verdict::inconclusive);
}

// A line that has begun before the release, and ends with the program.
TEST(Release, IsNotShownByALineThatBeganBeforeIt) {
  std::string yaml =
      shell("printf well; sleep 0.2; mkdir d || true; sleep 0.2",
            "syscall: {call: mkdir, error: ENOSPC, until: {effects: 1}}",
            "recovered: {after: syscall, output: ^well$}");
  expect_verdict(yaml, Verdict::fail);
}

// All in the pipe before the fault was released, though read behind it.
TEST(Release, IsNotShownByALineThatWasPrintedBeforeIt) {
  std::string yaml = shell(
      "mkdir d || /usr/bin/printf \"over\\nwell\\n\"; sleep 0.2; rm -rf d",
      "syscall: {call: mkdir, error: ENOSPC, until: {output: ^over$}}",
      "recovered: {after: syscall, output: ^well$}");
  expect_verdict(yaml, Verdict::fail);
}

// The next line behind the one that it waited for.
TEST(Release, IsShownByTheVeryNextLine) {
  expect_pass(
      shell("mkdir d || echo over; until mkdir e; do :; done; echo well; "
            "rm -rf d e",
            "syscall: {call: mkdir, error: ENOSPC, until: {output: ^over$}}",
            "recovered: {after: syscall, output: ^well$}"));
}

TEST(Release, IsFoundInALineLongerThanWhatIsKept) {
  expect_pass(
      shell("mkdir d || true; sleep 0.1; printf \"x%.0s\" {1..6000}; echo BACK",
            "syscall: {call: mkdir, error: ENOSPC, until: {effects: 1}}",
            "recovered: {after: syscall, output: BACK}"));
}

// One connection has never more than one in flight, before and behind.
TEST(Release, IsToldByARequestBehindTheFault) {
  expect_pass(
      "golden: false\nworkload:\n  service:\n    go_build: {dir: "
      "../../go_fixtures, package: ./service/serves_on}\n"
      "  load: [{http: {get: /}, connections: 1}]\n"
      "faults:\n  - syscall: {call: write, fd: socket, delay: 20ms, when: "
      "{answered: 5}, until: {in_flight: 1, effects: 1}}\n"
      "expect:\n"
      "  - recovered: {after: syscall, within: 30s, requests: answered}\n");
}

TEST(Release, IsToldByACallBehindTheFault) {
  std::string yaml =
      shell("mkdir d; rmdir d; mkdir d && rmdir d && echo made",
            "syscall: {call: mkdir, error: ENOSPC, until: {call: rmdir}}",
            "output: {contains: made}");
  expect_pass(yaml);
}

TEST(Release, IsRefusedWhereNothingCanBeUndone) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints(shell("true", fault, "command: {exited: 0}"));
  };
  EXPECT_THAT(complaints("signal: {send: SIGTERM, until: {after: 1s}}"),
              HasSubstr("what this does cannot be undone"));
  EXPECT_THAT(complaints("syscall: {call: mkdir, error: EIO, until: start}"),
              HasSubstr("expected a map such as {effects: 3}"));
  EXPECT_THAT(complaints("memory: {max: 64MiB, when: {effects: 2}}"),
              HasSubstr("effects"));
  EXPECT_THAT(complaints("memory: {max: 64MiB, when: {release: memory}}"),
              HasSubstr("no other fault has the name 'memory'"));
  EXPECT_THAT(Rig::complaints(shell("true", "memory: {max: 64MiB}",
                                    "recovered: {after: memory, output: x}")),
              HasSubstr("'memory' is never released: it has no until"));
  EXPECT_THAT(
      complaints("syscall: {call: mkdir, error: EIO, nth: 1, until: {effects: "
                 "2}}"),
      HasSubstr("takes effect at most 1 time: its until never comes"));
  EXPECT_THAT(
      complaints("syscall: {call: mkdir, error: EIO, name: a, until: {release: "
                 "b}}\n  - syscall: {call: read, error: EIO, name: b, until: "
                 "{release: a}}"),
      HasSubstr("each waits for the release of the other"));
  EXPECT_THAT(complaints("freeze: {for: 100s}"),
              HasSubstr("for 100s never ends"));
  EXPECT_THAT(complaints("freeze: {until: {output: x}}"),
              HasSubstr("what stands still does nothing"));
  EXPECT_THAT(complaints("fds: {spare: 1, name: a, when: {output: x}}\n  - "
                         "fds: {spare: 2, name: b, when: {output: y}}"),
              HasSubstr("one link can have one descriptor limit"));
  auto back = [](const std::string& expect) {
    return Rig::complaints(shell("true",
                                 "memory: {max: 64MiB, until: {effects: 1}}",
                                 "recovered: {after: memory, " + expect + "}"));
  };
  EXPECT_THAT(back("output: x, within: 0s"), HasSubstr("nothing can come"));
  EXPECT_THAT(back("output: x, path: /a"), HasSubstr("stands only beside"));
  EXPECT_THAT(
      Rig::complaints("workload: {go_test: {dir: ../../go_fixtures, packages: "
                      "./passes}}\nfaults:\n  - memory: {max: 64MiB, until: "
                      "{effects: 1}}\nexpect:\n  - recovered: {after: memory, "
                      "output: x}\n"),
      HasSubstr("say `mode: binary`"));
}

}  // namespace
}  // namespace faultrig
