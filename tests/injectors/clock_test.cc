// The wall clock of the workload's programs, in Go, in C and by plain calls.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "harness/model/stepped_clock.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string shell(const std::string& script, const std::string& faults,
                  const std::string& expect) {
  return "workload:\n  command:\n    - bash\n    - -c\n    - |\n      " +
         script + "\nfaults:\n" + faults + "expect:\n" + expect;
}

std::string go_test(const std::string& name, const std::string& wait,
                    const std::string& faults, const std::string& expect) {
  return "workload:\n  go_test: {dir: " + source_dir() +
         "/go_fixtures, packages: ./reads_clock, run: ^" + name +
         "$, mode: binary}\n  env: {FIXTURE_WAIT: " + wait + "}\nfaults:\n" +
         faults + "expect:\n" + expect;
}

TEST(Clock, OfAGoProgramStepsWhileItRuns) {
  // Without a golden run: one that never steps waits to its end.
  expect_pass("golden: false\n" +
              go_test("TestStep", "30s",
                      "  - clock: {jump: -1h, when: {output: ^ready$}}\n",
                      "  - test: {exited: 0}\n"
                      "  - output: {contains: stepped by -1h0m0s}\n"));
}

// Six goroutines that read nothing but the true time or the stepped one, while
// it steps there and back.
// Each step is short: on a slow machine one may be over before it was read.
TEST(Clock, IsNeverBetweenTwoTimes) {
  std::string faults;
  for (int i = 0; i < 8; ++i) {
    std::string begin = std::to_string(100 + 100 * i) + "ms";
    faults += "  - clock: {name: step" + std::to_string(i) +
              ", jump: 1h, optional: true, when: {after: " + begin +
              "}, until: {after: 50ms}}\n";
  }
  expect_pass(go_test("TestEvenly", "1s", faults, "  - test: {exited: 0}\n"));
}

// A fault for whoever waits: what it measures goes on, and so does ours.
TEST(Clock, StepsNoOtherClock) {
  expect_pass(
      shell("read up _ < /proc/uptime; date +%s > now; sleep 0.1; "
            "read later _ < /proc/uptime; rm now\n"
            "      [ ${later%.*} -le $((${up%.*} + 60)) ]",
            "  - clock: {jump: 1h}\n", "  - command: {exited: 0}\n"));
}

TEST(Clock, OfChildrenInCIsSteppedToo) {
  expect_pass(shell("date -u +%Y; sh -c 'date -u +%Y'",
                    "  - clock: {jump: -876600h}\n",
                    "  - output: {matches: '^19[2-9]\\d\\n19[2-9]\\d$'}\n"
                    "  - took_effect: {fault: clock, times: {at_least: 2}}\n"));
}

// gettimeofday(2), time(2) and clock_gettime(2) as plain calls.
TEST(Clock, OfPlainCallsIsSteppedToo) {
  const char* perl =
      "perl -e 'my $t = pack(q(qq), 0, 0); my $now = syscall(201, 0); "
      "syscall(228, 0, $t); my ($s) = unpack(q(qq), $t); "
      "syscall(96, $t, 0); my ($u) = unpack(q(qq), $t); "
      "print $now - 3153600000 > 1600000000 && $s - $now < 5 && $u - $now < 5 "
      "&& $s >= $now && $u >= $now ? q(ahead) : q(not)'";
  expect_pass(shell(perl, "  - clock: {jump: 876000h}\n",
                    "  - output: {contains: ahead}\n"));
}

// bash reads it by gettimeofday(2), perl by time(2), date by clock_gettime(2),
// each through the vDSO. Within what 32 bits hold: bash shows no more.
TEST(Clock, IsTheSameByEachFunctionThatTellsIt) {
  for (const char* jump : {"200000h", "-400000h", "-500ms"}) {
    expect_pass(
        shell("a=${EPOCHREALTIME%[.,]*}; u=${EPOCHREALTIME#*[.,]}; "
              "b=$(date +%s); c=$(perl -e 'print time'); echo $a $b "
              "$c; [ $((b - a)) -ge 0 ] && [ $((c - a)) -ge -1 ] && [ "
              "$((c - a)) -le 20 ] && [ $((b - a)) -le 20 ] && [ ${#u} "
              "= 6 ]",
              std::string("  - clock: {jump: ") + jump + "}\n",
              "  - command: {exited: 0}\n"
              "  - took_effect: {fault: clock, times: 3}\n"));
  }
}

TEST(Clock, IsToldToBeStepped) {
  const std::string yaml =
      shell("date", "  - clock: {jump: 1h}\n", "  - command: {exited: 0}\n");
  SKIP_IF_MISSING(yaml);
  auto evidence = Rig::run(yaml).evidence;
  ASSERT_NE(evidence, nullptr);
  auto effect = evidence->first(Fact::fault_activated);
  ASSERT_TRUE(effect);
  EXPECT_EQ(evidence->trace()[*effect].action, kStepsClock);
}

// Without a golden run: in one it never steps, and this waits for that.
TEST(Clock, IsSetRightAgain) {
  expect_pass(
      "golden: false\n" +
      shell(
          "from=$(date +%s); echo ready\n"
          "      until (($(date +%s) - from > 3000)); do :; done; echo later\n"
          "      until (($(date +%s) - from < 3000)); do :; done; echo right",
          "  - clock: {jump: 1h, when: {output: ^ready$}, until: {output: "
          "^later$}}\n",
          "  - command: {exited: 0}\n"
          "  - recovered: {after: clock, output: ^right$}\n"));
}

TEST(Clock, ThatNobodyReadsProvesNothing) {
  const std::string yaml =
      "workload: {command: [sleep, '0.2']}\nfaults:\n  - clock: {jump: 1h}\n"
      "expect:\n  - command: {exited: 0}\n";
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Clock, IsTheTrueOneInTheGoldenRun) {
  Plan plan = Rig::plan(
      "workload: {command: [date]}\nfaults:\n  - clock: {jump: 1h}\n"
      "expect:\n  - command: {exited: 0}\n");
  const LinkSetup& setup = plan.launch.links.at(Link::command);
  ASSERT_EQ(setup.clock.size(), 1U);
  EXPECT_EQ(setup.clock[0].jump, std::chrono::hours(1));
  EXPECT_TRUE(setup.clock[0].from_start);
  EXPECT_TRUE(setup.needs_listener());
}

TEST(Clock, IsSelectedByItsTriggerAndNoMoreBehindItsRelease) {
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "clock";
  spec.fault.at = Link::command;
  spec.fault.when.when = Trigger::When::after;
  spec.fault.params.set("jump", std::chrono::nanoseconds(5));
  auto injector = find_injector("clock")->make(spec).value();
  FakeRun run;
  ASSERT_TRUE(injector->arm(run));
  EXPECT_THAT(run.activated, ElementsAre(0));
  ASSERT_TRUE(injector->can_release());
  ASSERT_TRUE(injector->release(run));
  EXPECT_THAT(run.released, ElementsAre(0));
}

TEST(Clock, SaysWhatIsNoStep) {
  const std::string date = "workload: {command: [date]}\nfaults:\n";
  const std::string expect = "expect:\n  - command: {exited: 0}\n";
  EXPECT_THAT(Rig::complaints(date + "  - clock: {jump: 0s}\n" + expect),
              HasSubstr("jump is no step"));
  EXPECT_THAT(Rig::complaints(date + "  - clock: {jump: tomorrow}\n" + expect),
              HasSubstr("3:19: expected a time with or without a sign"));
  EXPECT_THAT(Rig::complaints(date + "  - clock: {jump: 900000h}\n" + expect),
              HasSubstr("not '900000h'"));
  EXPECT_THAT(Rig::complaints(date + "  - clock: {jump: 1h}\n" + expect +
                              "  - calls: {call: clock_gettime, count: 0}\n"),
              HasSubstr("clock_gettime is answered by the clock"));
}

}  // namespace
}  // namespace faultrig
