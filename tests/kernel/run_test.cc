// Workloads that misbehave: what the run says of them, and that nothing of them
// is left.
#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/shim_processes.h"
#include "tests/injectors/rig.h"
#include "tests/kernel/patience.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

class RunTest : public ::testing::Test {
 protected:
  void TearDown() override {
    int shim = Rig::session().launcher().shim_pid();
    // Killed orphans are children of the shim until it has reaped them.
    EXPECT_TRUE(eventually([shim] { return !has_children(shim); }));
  }
};

Rig::Told command(const std::string& script, const std::string& rest) {
  return Rig::run("workload:\n  command:\n    - sh\n    - -c\n    - |\n      " +
                  script + "\n" + rest);
}

TEST_F(RunTest, TellsAndKillsADaemon) {
  Rig::Told ran = command("setsid sleep 300 </dev/null >/dev/null 2>&1 &",
                          "expect:\n  - leftovers: 1\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, EndsThoughASurvivorHoldsItsOutput) {
  Rig::Told ran = command("setsid sleep 300 & echo done",
                          "expect:\n  - leftovers: {at_least: 1}\n"
                          "  - output: {contains: done}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, KillsFiveHundredChildren) {
  Rig::Told ran =
      command("for i in $(seq 500); do sleep 300 & done; echo forked",
              "expect:\n  - leftovers: {at_least: 490}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, PutsAnEndToItAtTheDeadline) {
  Rig::Told ran = command("trap '' QUIT; while :; do sleep 1; done",
                          "  deadline: 200ms\nexpect:\n"
                          "  - command: {killed_by: SIGKILL}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_TRUE(ran.evidence->first(Fact::deadline_passed));
}

bool sleeps_below(int pid) {
  std::vector<int> family = descendants_of(pid);
  return std::any_of(family.begin(), family.end(), [](int one) {
    return command_of(one).find("sleep 300") == 0;
  });
}

// Holds the shim, once the workload sleeps, for longer than that is given after
// its deadline. SIGSTOP would not do: faultrig sees that, and continues it.
void hold_the_shim(int shim, bool& held) {
  if (!eventually([shim] { return sleeps_below(shim); }) ||
      ptrace(PTRACE_SEIZE, shim, 0, 0) != 0 ||
      ptrace(PTRACE_INTERRUPT, shim, 0, 0) != 0) {
    return;
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(3500));
  held = ptrace(PTRACE_DETACH, shim, 0, 0) == 0;
}

// A fork bomb had the processors: what it had left was killed before the news
// of its end came, and "0 processes outlived the workload".
TEST_F(RunTest, CountsWhatWasLeftHoweverLateTheNewsOfTheEnd) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root: others may not trace the shim";
  }
  bool held = false;
  std::thread holder(hold_the_shim, Rig::session().launcher().shim_pid(),
                     std::ref(held));
  Rig::Told ran = command("setsid sleep 300 & exec sleep 300",
                          "  deadline: 1s\nexpect:\n"
                          "  - command: {killed_by: SIGQUIT}\n"
                          "  - leftovers: 1\n");
  holder.join();
  EXPECT_TRUE(held);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, KeepsBothEndsOfAFlood) {
  Rig::Told ran =
      command("echo first; head -c 60000000 /dev/zero; echo; echo last",
              "expect:\n  - output: {matches: '(?s)^first.*last$'}\n");
  EXPECT_EQ(ran.evidence->out().find("first\n"), 0U);
  EXPECT_THAT(ran.evidence->out().substr(ran.evidence->out().size() - 10),
              HasSubstr("last"));
  EXPECT_TRUE(ran.evidence->first(Fact::output_cut));
}

TEST_F(RunTest, TakesAnyBytes) {
  Rig::Told ran = command("head -c 100000 /dev/urandom; printf '\\033[2J'",
                          "expect:\n  - command: {exited: 0}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, GoesOnWhenTheWorkloadClosesItsOutput) {
  Rig::Told ran = command("exec >&- 2>&-; sleep 0.1; exit 7",
                          "expect:\n  - command: {exited: 7}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, SaysThatAProgramIsNotThere) {
  Rig::Told ran = Rig::run(
      "workload: {command: [no-such-program-anywhere]}\n"
      "expect:\n  - command: never_started\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, NamesTheLineThatDoesNotCompile) {
  Rig::Told ran = Rig::run(R"(
workload:
  go_test:
    dir: ../../go_fixtures
    packages: ./does_not_compile
    flags: [-tags=broken]
faults:
  - signal: {send: SIGTERM}
expect:
  - test: {killed_by: SIGTERM}
)");
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("_test.go:"));
}

TEST_F(RunTest, DoesNotTrustAGoldenRunThatFails) {
  Rig::Told ran = command("kill -TERM $$",
                          "faults:\n  - signal: {send: SIGTERM}\n"
                          "expect:\n  - command: {killed_by: SIGTERM}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

// A go that is killed leaves its work folder, and a command may start one: that
// goes with the folder of the session.
TEST_F(RunTest, KeepsWhatAGoOfACommandLeaves) {
  Rig::Told ran = command("echo $GOTMPDIR; mkdir $GOTMPDIR/go-build1",
                          "expect:\n  - command: {exited: 0}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->out(), Rig::session().scratch().string() + "\n");
}

TEST_F(RunTest, HidesNothingFromAWitnessThatIsKilled) {
  Rig::Told ran = Rig::run(R"(
workload:
  command: [sh, -c, 'kill -KILL $PPID; sleep 5']
expect:
  - command: {exited: 0}
)");
  // The shim is killed by its own child: whatever comes of it is no pass.
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
}

}  // namespace
}  // namespace faultrig
