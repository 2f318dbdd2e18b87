// `faultrig witness` around real programs: the end, the output and the signals
// are theirs, and what was seen is kept.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/cgroup.h"
#include "harness/os/shim_processes.h"
#include "tests/kernel/patience.h"
#include "tests/kernel/witness_rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr uid_t kNobody = 65534;

class Witness : public ::testing::Test {
 protected:
  void SetUp() override { before_ = groups(); }

  // None of ours; those of other faultrigs may come and go.
  void TearDown() override {
    for (const std::string& group : groups()) {
      EXPECT_TRUE(before_.contains(group) || !is_stale_name(group)) << group;
    }
  }

  static bool is_stale_name(const std::string& group) {
    return is_stale(std::filesystem::path(group).filename().string());
  }

  static std::set<std::string> groups() {
    auto found = witness_groups();
    return {found.begin(), found.end()};
  }

  static bool has_memory_cgroup() {
    return !find_cgroup_places().memory.empty();
  }

  WitnessRig rig_;
  std::set<std::string> before_;
};

std::vector<std::string> sh(const std::string& script) {
  return {"sh", "-c", script};
}

TEST_F(Witness, KeepsNoSecretOfItsEnvironment) {
  setenv("FAULTRIG_TEST_KEY", "-----BEGIN KEY\nline-of-key-1234\n", 1);
  std::string junit = (rig_.folder() / "junit.xml").string();
  Outcome ran =
      rig_.run(sh("echo \"  $FAULTRIG_TEST_KEY\"; exit 3"), {"--junit", junit});
  unsetenv("FAULTRIG_TEST_KEY");
  EXPECT_THAT(ran.out, HasSubstr("line-of-key-1234"));  // the program's own
  std::string kept = read_file(AT_FDCWD, junit).value_or("");
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(rig_.out())) {
    kept += file.is_regular_file()
                ? read_file(AT_FDCWD, file.path().string()).value_or("")
                : "";
  }
  EXPECT_THAT(kept, HasSubstr("MASKED"));
  EXPECT_EQ(kept.find("line-of-key"), std::string::npos) << kept;
  EXPECT_EQ(kept.find("BEGIN KEY"), std::string::npos) << kept;
  EXPECT_EQ(ran.err.find("line-of-key"), std::string::npos) << ran.err;
}

TEST_F(Witness, EndsAsTheProgramEnded) {
  for (int code : {0, 1, 2, 66, 126, 127, 137, 255}) {
    Outcome ran = rig_.run(sh("exit " + std::to_string(code)));
    EXPECT_EQ(ran.status, WaitStatus::of_exit(code));
  }
  for (int signal : {SIGKILL, SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1}) {
    Outcome ran = rig_.run(sh("kill -" + std::to_string(signal) + " $$"));
    EXPECT_EQ(ran.status, WaitStatus::of_signal(signal));
  }
}

TEST_F(Witness, SaysNothingOfACleanEnd) {
  Outcome ran = rig_.run(sh("echo out; echo err >&2"));
  EXPECT_EQ(ran.out, "out\n");
  EXPECT_EQ(ran.err, "err\n");
}

TEST_F(Witness, SaysOneLineOfAnyOther) {
  Outcome ran = rig_.run(sh("echo said; exit 3"));
  EXPECT_EQ(ran.out, "said\n");
  EXPECT_EQ(ran.err, "faultrig: sh exited 3, last line 'said'\n");
}

TEST_F(Witness, KeepsTheOrderOfTwoStreamsThatAreOneFile) {
  std::string script;
  for (int i = 0; i < 200; ++i) {
    script +=
        "echo o" + std::to_string(i) + "; echo e" + std::to_string(i) + " >&2;";
  }
  auto together = [] { dup2(STDOUT_FILENO, STDERR_FILENO); };
  std::string bare = Program(sh(script), rig_.folder(), together).end().out;
  std::string ours =
      Program(rig_.witness(sh(script)), rig_.folder(), together).end().out;
  EXPECT_EQ(ours, bare);
  EXPECT_THAT(bare, HasSubstr("o199\ne199\n"));
}

TEST_F(Witness, PassesOnEveryByte) {
  std::string script = "head -c 3000000 /dev/urandom | tee bytes";
  std::string ours = rig_.run(sh(script)).out;
  auto bytes = read_file(AT_FDCWD, (rig_.folder() / "bytes").string(), 1 << 22);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->size(), 3000000U);
  EXPECT_TRUE(ours == *bytes);
}

TEST_F(Witness, ShowsAReaderThatHasGone) {
  Program yes(rig_.witness({"yes"}), rig_.folder(), [] {
    int ends[2];
    if (pipe(ends) == 0 && fork() == 0) {
      close(ends[1]);
      _exit(0);  // with it goes the only reader
    }
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
  });
  EXPECT_EQ(yes.end().status, WaitStatus::of_signal(SIGPIPE));
}

TEST_F(Witness, LeavesAClosedStreamClosed) {
  Program ran(rig_.witness(sh("test -e /proc/self/fd/1 || exit 5")),
              rig_.folder(), [] { close(STDOUT_FILENO); });
  EXPECT_EQ(ran.end().status, WaitStatus::of_exit(5));
}

TEST_F(Witness, GivesATerminalWhereThereIsOne) {
  Fd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(grantpt(master.get()) == 0 && unlockpt(master.get()) == 0);
  std::string name = ptsname(master.get());
  Program ran(
      rig_.witness(sh("test -t 1 && test ! -t 2 && exit 6")), rig_.folder(),
      [&] { dup2(open(name.c_str(), O_RDWR | O_NOCTTY), STDOUT_FILENO); });
  EXPECT_EQ(ran.end().status, WaitStatus::of_exit(6));
}

TEST_F(Witness, GivesTheProgramItsDescriptorsAndNoOther) {
  std::string script = "ls /proc/self/fd | tr '\\n' ' '";
  EXPECT_EQ(rig_.run(sh(script)).out,
            Program(sh(script), rig_.folder()).end().out);
}

TEST_F(Witness, PassesOnSignalsAndTellsTheSender) {
  Program ran(rig_.witness(sh("trap 'echo caught; exit 7' TERM; echo ready; "
                              "while :; do sleep 0.05; done")),
              rig_.folder());
  ran.await("ready");
  kill(ran.pid(), SIGTERM);
  Outcome outcome = ran.end();
  EXPECT_EQ(outcome.status, WaitStatus::of_exit(7));
  EXPECT_THAT(outcome.out, HasSubstr("caught"));
  Observation passed = first_of(rig_.record("sh"), Fact::signal_passed);
  EXPECT_EQ(passed.number, SIGTERM);
  EXPECT_EQ(passed.pid, getpid());
  EXPECT_EQ(passed.action, "SI_USER");
}

TEST_F(Witness, LetsASignalToTheGroupReachTheProgramOnce) {
  std::string script =
      "trap 'echo caught' INT; echo ready; i=0; "
      "while [ $i -lt 6 ]; do sleep 0.05; i=$((i+1)); done";
  // A middle process leads the group, as `go` does.
  Program ran({"sh", "-c", "\"$@\"; exit $?", "sh", rig_.witness({})[0],
               "witness", "--", "sh", "-c", script},
              rig_.folder(), [] { setpgid(0, 0); });
  ran.await("ready");
  kill(-ran.pid(), SIGINT);
  Outcome outcome = ran.end();
  std::size_t first = outcome.out.find("caught");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(outcome.out.find("caught", first + 1), std::string::npos);
}

TEST_F(Witness, KeepsWhatWasIgnored) {
  Program ran(rig_.witness(sh("kill -HUP $$; exit 4")), rig_.folder(),
              [] { signal(SIGHUP, SIG_IGN); });
  EXPECT_EQ(ran.end().status, WaitStatus::of_exit(4));
}

TEST_F(Witness, CannotTellWhoKilledTheProgramItself) {
  Outcome ran = rig_.run(sh("kill -KILL $$"));
  EXPECT_THAT(ran.err, HasSubstr("was killed by SIGKILL, by whom is unknown"));
  EXPECT_EQ(first_of(rig_.record("sh"), Fact::signal_from).text, "unknown");
}

TEST_F(Witness, TellsAnOomKillFromAnyOther) {
  if (!has_memory_cgroup()) {
    GTEST_SKIP() << "needs a writable memory cgroup";
  }
  Outcome ran = rig_.run(sh("exec head -c 200M /dev/zero | tail -n 1"),
                         {"--memory", "32MiB"});
  Evidence seen = rig_.record("sh");
  EXPECT_GT(first_of(seen, Fact::oom_kill).number, 0);
  EXPECT_EQ(first_of(seen, Fact::limit_hit).text,
            "memory cap 32MiB of its cgroup");
  EXPECT_GT(first_of(seen, Fact::peak_memory).number, 30 << 20);
  EXPECT_THAT(ran.err, HasSubstr("memory cap 32MiB of its cgroup, peak 3"));
}

TEST_F(Witness, TellsTheHardLimitOfCpuTime) {
  Outcome ran = rig_.run(sh("ulimit -t 1; while :; do :; done"));
  EXPECT_EQ(ran.status, WaitStatus::of_signal(SIGKILL));
  Program limited(rig_.witness(sh("while :; do :; done")), rig_.folder(), [] {
    rlimit limit{1, 1};
    setrlimit(RLIMIT_CPU, &limit);
  });
  EXPECT_THAT(limited.end().err, HasSubstr("hard RLIMIT_CPU 1 s"));
}

TEST_F(Witness, CapsDescriptorsAndProcesses) {
  EXPECT_EQ(rig_.run(sh("ulimit -Hn"), {"--fds", "17"}).out, "17\n");
  CgroupPlaces places = find_cgroup_places();
  if (places.pids.empty() && !places.memory_v2) {
    GTEST_SKIP() << "needs a writable pids cgroup";
  }
  Outcome ran = rig_.run(sh("for i in 1 2 3 4 5 6; do sleep 0.1 & done; wait"),
                         {"--pids", "3"});
  EXPECT_THAT(ran.err, HasSubstr("met the pids cap of its cgroup"));
}

TEST_F(Witness, CountsWhatTheProgramHadAtMost) {
  rig_.run(
      sh("exec 5</dev/null 6</dev/null 7</dev/null; sleep 0.2 & "
         "sleep 0.2 & wait"));
  Evidence seen = rig_.record("sh");
  EXPECT_GE(first_of(seen, Fact::most_descriptors).number, 6);
  if (has_memory_cgroup()) {
    EXPECT_EQ(first_of(seen, Fact::most_processes).number, 3);
  }
}

TEST_F(Witness, LeavesADaemonAliveAndTellsOfIt) {
  Outcome ran = rig_.run(
      sh("setsid sleep 300 </dev/null >/dev/null 2>&1 & sleep 0.1; exit 2"));
  EXPECT_EQ(ran.status, WaitStatus::of_exit(2));
  EXPECT_THAT(ran.err, HasSubstr("left 1 process behind: sleep 300 (pid "));
  Observation left = first_of(rig_.record("sh"), Fact::leftover);
  EXPECT_EQ(command_of(static_cast<int>(left.pid)), "sleep 300");
  kill(static_cast<int>(left.pid), SIGKILL);
}

TEST_F(Witness, EndsBeforeASurvivorThatHoldsItsOutput) {
  std::string seconds = std::to_string(2 * slowness());
  Program ran(rig_.witness(sh("(sleep " + seconds +
                              "; echo late) & echo early; exit 2")),
              rig_.folder());
  auto pidfd = open_pidfd(ran.pid());
  ASSERT_TRUE(pidfd);
  EXPECT_TRUE(wait_ended(pidfd->get(), 1900 * slowness()))
      << "waited for the survivor";
  Outcome outcome = ran.end();
  EXPECT_EQ(outcome.status, WaitStatus::of_exit(2));
  EXPECT_EQ(outcome.out, "early\nlate\n");
}

TEST_F(Witness, TakesTheProgramAlongWhenItIsKilled) {
  Program ran(rig_.witness(sh("echo $$; exec sleep 300")), rig_.folder());
  std::string pid = ran.await("\n");
  auto program = open_pidfd(std::stoi(pid));
  ASSERT_TRUE(program);
  kill(ran.pid(), SIGKILL);
  EXPECT_EQ(ran.end().status, WaitStatus::of_signal(SIGKILL));
  EXPECT_TRUE(wait_ended(program->get(), 10'000));
  rig_.run({"true"});  // TearDown() looks for the cgroup
}

TEST_F(Witness, IsToldOfWhenItIsKilledAfterItWasAskedToEnd) {
  Program ran(rig_.witness(sh("trap '' QUIT; echo ready; "
                              "while :; do sleep 0.05; done")),
              rig_.folder(), [] { dup2(STDOUT_FILENO, STDERR_FILENO); });
  ran.await("ready");
  kill(ran.pid(), SIGQUIT);
  ran.await("faultrig: sh has not ended 2.0 s after SIGQUIT from ");
  kill(ran.pid(), SIGKILL);
  Outcome outcome = ran.end();
  EXPECT_EQ(outcome.status, WaitStatus::of_signal(SIGKILL));
  EXPECT_THAT(outcome.out, HasSubstr("was killed by SIGKILL, with its witness, "
                                     "2."));
  EXPECT_EQ(first_of(rig_.record("sh"), Fact::signal_passed).number, SIGQUIT);
}

TEST_F(Witness, TellsWhyAProgramDidNotStart) {
  Outcome missing = rig_.run({"/no/such/program"});
  EXPECT_EQ(missing.status, WaitStatus::of_exit(127));
  EXPECT_THAT(missing.err, HasSubstr("never started: exec /no/such/program: "
                                     "No such file or directory"));
  Outcome not_on_path = rig_.run({"no-such-program"});
  EXPECT_EQ(not_on_path.status, WaitStatus::of_exit(127));
  Outcome denied = rig_.run({"/etc/passwd"});
  EXPECT_EQ(denied.status, WaitStatus::of_exit(126));
  EXPECT_EQ(first_of(rig_.record("passwd"), Fact::never_started).error, EACCES);
}

TEST_F(Witness, FollowsAProgramThatBecomesAnother) {
  EXPECT_EQ(rig_.run(sh("exec sh -c 'exec sh -c \"exit 9\"'")).status,
            WaitStatus::of_exit(9));
}

TEST_F(Witness, StandsInsideAnother) {
  std::vector<std::string> inner = rig_.witness(sh("exit 8"));
  Outcome ran = rig_.run(inner);
  EXPECT_EQ(ran.status, WaitStatus::of_exit(8));
  EXPECT_THAT(ran.err, HasSubstr("faultrig: sh exited 8\n"));
  EXPECT_THAT(ran.err, HasSubstr("faultrig: faultrig exited 8"));
}

TEST_F(Witness, DoesWithoutCgroupsWhatItCan) {
  if (geteuid() != 0) {
    GTEST_SKIP() << "needs root, to become nobody";
  }
  ASSERT_EQ(chmod(rig_.folder().c_str(), 0777), 0);
  auto as_nobody = [] {
    if (setgid(kNobody) != 0 || setuid(kNobody) != 0) {
      _exit(97);
    }
  };
  Outcome ran =
      Program(rig_.witness(sh("setsid sleep 300 >/dev/null 2>&1 & exit 5")),
              rig_.folder(), as_nobody)
          .end();
  EXPECT_EQ(ran.status, WaitStatus::of_exit(5)) << ran.err;
  Evidence seen = rig_.record("sh");
  EXPECT_THAT(first_of(seen, Fact::not_known).text, StartsWith("OOM kills"));
  Observation left = first_of(seen, Fact::leftover);
  EXPECT_EQ(left.text, "sleep 300");
  kill(static_cast<int>(left.pid), SIGKILL);

  Outcome capped = Program(rig_.witness({"true"}, {"--memory", "64MiB"}),
                           rig_.folder(), as_nobody)
                       .end();
  EXPECT_EQ(capped.status, WaitStatus::of_exit(126));
  EXPECT_THAT(capped.err, HasSubstr("needs a writable memory cgroup"));
}

TEST_F(Witness, RefusesAMistakeOnItsOwnCommandLine) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--memory", "much", "--", "true"},
        {"--fds", "0", "--", "true"},
        {"true"},
        {"--"}}) {
    std::vector<std::string> argv{faultrig_program(), "witness"};
    argv.insert(argv.end(), words.begin(), words.end());
    Outcome ran = Program(argv, rig_.folder()).end();
    EXPECT_EQ(ran.status, WaitStatus::of_exit(2));
    EXPECT_THAT(ran.err, StartsWith("faultrig: "));
  }
}

}  // namespace
}  // namespace faultrig
