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

#include "harness/os/machine.h"
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

// As in mode chain: without a test nothing was tried.
TEST_F(RunTest, ProvesNothingWhereGoBuiltNoTest) {
  auto run = [](const std::string& more) {
    return Rig::run(
        "golden: false\nworkload:\n  go_test: {dir: ../../go_fixtures, mode: "
        "binary, packages: " +
        more +
        "\nfaults:\n  - signal: {send: SIGTERM}\n"
        "expect:\n  - test: {exited: 0}\n");
  };
  Rig::Told bad = run("./does_not_compile, flags: [-tags=broken]}");
  EXPECT_EQ(bad.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(bad.judgement), HasSubstr("test never started: go test: "));
  Rig::Told late = run("./passes, flags: [-tags=late]}\n  compile_within: 1ms");
  EXPECT_EQ(late.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(late.judgement), HasSubstr("no test had been started"));
}

// Of fresh groups, which nobody takes again, a few are kept and the rest go.
TEST_F(RunTest, KeepsNoMoreGroupsThanItCanUse) {
  Session& session = Rig::session();
  std::vector<std::string> folders;
  for (int i = 0; i < 8; ++i) {
    auto group = session.take_group(Session::Group::fresh);
    ASSERT_TRUE(group) << group.error().what;
    folders.push_back(group->folders().back());
    session.give_back(std::move(group).value());
  }
  auto kept = std::count_if(
      folders.begin(), folders.end(),
      [](const auto& path) { return access(path.c_str(), F_OK) == 0; });
  EXPECT_LE(kept, 3);
}

// On v1 a group does not count what was killed in a group below it.
TEST_F(RunTest, SeesKillsInAGroupThatTheWorkloadMade) {
  if (geteuid() != 0 || access("/sys/fs/cgroup/memory/cgroup.procs", F_OK)) {
    GTEST_SKIP() << "needs cgroup v1, and root";
  }
  Rig::Told ran = command(
      "g=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' "
      "/proc/self/cgroup)/below; mkdir $g; echo 8388608 > "
      "$g/memory.limit_in_bytes; sh -c 'echo $$ > '$g'/cgroup.procs; exec dd "
      "if=/dev/zero of=/dev/null bs=100M count=1'; echo ended $?",
      "expect:\n  - oom: {kills: none}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::error) << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("for want of memory"));
}

TEST_F(RunTest, KillsFiveHundredChildren) {
  Rig::Told ran =
      command("for i in $(seq 500); do sleep 300 & done; echo forked",
              "expect:\n  - leftovers: {at_least: 490}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// Until the shell has trapped it, SIGQUIT ends it: on a slow machine a later
// deadline tells more.
TEST_F(RunTest, PutsAnEndToItAtTheDeadline) {
  for (int milliseconds = 200; milliseconds < 20'000; milliseconds *= 3) {
    Rig::Told ran =
        command("trap '' QUIT; echo trapped; while :; do sleep 1; done",
                "  deadline: " + std::to_string(milliseconds) +
                    "ms\nexpect:\n  - command: hung\n");
    EXPECT_TRUE(ran.evidence->first(Fact::deadline_passed));
    if (ran.evidence->out().find("trapped") != std::string::npos) {
      EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
      EXPECT_THAT(ran.judgement.observed, HasSubstr("killed by SIGKILL"));
      return;
    }
  }
  FAIL() << "the shell never came to trap SIGQUIT";
}

// The output that it waits for can come no more, long before its deadline.
TEST_F(RunTest, EndsWhenNoTriggerCanFireAnyMore) {
  auto start = std::chrono::steady_clock::now();
  Rig::Told ran = command("exec >&- 2>&-; exec sleep 300",
                          "golden: false\nfaults:\n"
                          "  - signal: {send: SIGTERM, when: {output: ready}}\n"
                          "expect:\n  - command: {killed_by: SIGTERM}\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("all output has been closed"));
  EXPECT_EQ(ran.judgement.observed,
            "command stopped by us with SIGKILL, then killed by SIGKILL");
}

TEST_F(RunTest, WaitsOnWhenTheTriggerIsOfAnOptionalFault) {
  Rig::Told ran = command("exec >&- 2>&-; sleep 0.5; exit 7",
                          "golden: false\nfaults:\n"
                          "  - signal: {send: SIGTERM, optional: true,\n"
                          "             when: {output: ready}}\n"
                          "expect:\n  - command: {exited: 7}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST_F(RunTest, SaysOfAGoldenRunOfAServerThatItDoesNotEnd) {
  Rig::Told ran = command("exec sleep 300",
                          "  deadline: 300ms\nfaults:\n"
                          "  - signal: {send: SIGTERM}\n"
                          "expect:\n  - command: {killed_by: SIGTERM}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement), HasSubstr("after its deadline of 300ms"));
  EXPECT_THAT(told(ran.judgement), HasSubstr("`golden: false`"));
}

// A go that takes its time before it starts a test, as one that compiles.
std::string slow_go(const std::string& seconds) {
  std::string path =
      (Rig::session().scratch() / ("go-after-" + seconds)).string();
  EXPECT_TRUE(write_program(
      path,
      "#!/bin/sh\n[ $1 = test ] && sleep " + seconds + "\nexec go \"$@\"\n",
      0700));
  return path;
}

Rig::Told run_slowly(const std::string& seconds, const std::string& more) {
  return Rig::run(
      "workload:\n  go_test: {dir: ../../go_fixtures, packages: "
      "./passes, go: " +
      slow_go(seconds) + "}\n  deadline: 1s\n" + more +
      "expect:\n  - test: {exited: 0}\n");
}

TEST_F(RunTest, DoesNotCountCompilingAgainstTheDeadline) {
  Rig::Told ran = run_slowly("1.5", "");
  EXPECT_TRUE(ran.evidence->first(Fact::process_ended));
  EXPECT_EQ(ran.judgement.observed.find("test never started"),
            std::string::npos)
      << told(ran.judgement);
}

TEST_F(RunTest, ProvesNothingWhenGoStartsNoTestInItsTime) {
  Rig::Told ran = run_slowly("300", "  compile_within: 1s\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("no test had been started"));
}

bool sleeps_below(int pid) {
  std::vector<int> family = descendants_of(pid);
  return std::any_of(family.begin(), family.end(), [](int one) {
    return command_of(one).find("sleep 300") == 0;
  });
}

// Holds the shim, once the workload sleeps, for longer than that is given after
// its deadline, and for less than faultrig waits for the news. SIGSTOP would
// not do: faultrig sees that, and continues it. On a slow machine the news may
// come in time: then the test proves less, and does not fail.
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
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("_test.go:"));
}

TEST_F(RunTest, DoesNotTrustAGoldenRunThatFails) {
  Rig::Told ran = command("kill -TERM $$",
                          "faults:\n  - signal: {send: SIGTERM}\n"
                          "expect:\n  - command: {killed_by: SIGTERM}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

// A go that a command starts works in /tmp: its environment is not ours. What
// it leaves when it is killed is known by the test that still runs from there.
TEST_F(RunTest, RemovesWhatAGoOfACommandLeaves) {
  Rig::Told ran = command(
      "d=${TMPDIR:-/tmp}/go-build$$; mkdir $d && cp $(command -v sleep) $d && "
      "mkdir $d.other && echo $d ${GOTMPDIR-none} && exec setsid -f $d/sleep "
      "300",
      "expect:\n  - leftovers: 1\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  std::string out = ran.evidence->out();
  std::string folder = out.substr(0, out.find(' '));
  EXPECT_THAT(folder, HasSubstr("/go-build"));
  EXPECT_NE(access(folder.c_str(), F_OK), 0) << "it is still there";
  EXPECT_EQ(rmdir((folder + ".other").c_str()), 0) << "another's was removed";
  const char* own = getenv("GOTMPDIR");
  EXPECT_THAT(out, HasSubstr(own == nullptr ? "none" : own));
}

TEST_F(RunTest, TellsOfAMountThatWasLeftInItsFolder) {
  std::string point = Rig::session().scratch().string() + "/x";
  Rig::Told ran = command(
      "mkdir " + point + " && mount --bind /etc " + point + " || exit 77",
      "golden: false\nexpect:\n  - command: {exited: 0}\n");
  if (ran.evidence->exits().back().status->exit_code() == 77) {
    GTEST_SKIP() << "needs the right to mount";
  }
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto seen = ran.evidence->first(Fact::mount_removed);
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(ran.evidence->trace()[*seen].path, point);
  EXPECT_TRUE(access("/etc/passwd", F_OK) == 0);
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
