// What Go says of an error, in a log, as faults that bring it about.
#include "harness/replay/log_faults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/campaign/cause_table.h"
#include "harness/explain/explainer.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Replayed of_log(const std::string& log) {
  static const auto causes = cause_table();
  static const Explainer explainer(*causes);
  LogExplainer reader(explainer);
  reader.feed(log);
  LogFaults faults;
  std::int64_t number = 0;
  for (std::string_view line : lines_of(log)) {
    faults.take(line, ++number);
  }
  Replayed out = faults.replayed(reader.finish(), "/here");
  return out;
}

std::string fault_of(const std::string& line) {
  Replayed made = of_log("panic: " + line + "\n");
  return made.candidates.empty() ? "" : made.candidates.front().fault;
}

TEST(LogFaults, KnowTheErrorsOfFiles) {
  EXPECT_EQ(fault_of("open /etc/hostname: too many open files"),
            "syscall: {call: openat, path: \"/etc/hostname\", error: EMFILE}");
  EXPECT_EQ(fault_of("cannot save: write out/a.db: no space left on device"),
            "syscall: {call: [write, pwrite64], path: \"*/out/a.db\", error: "
            "ENOSPC}");
  EXPECT_EQ(fault_of("rename /tmp/a12345 /srv/a: invalid cross-device link"),
            "syscall: {call: [renameat, renameat2], path: \"/tmp/a*\", error: "
            "EXDEV}");
  EXPECT_EQ(fault_of("fork/exec /bin/ls: resource temporarily unavailable"),
            "syscall: {call: [clone, clone3], error: EAGAIN}");
  EXPECT_EQ(fault_of("err=[open /etc/hostname: permission denied]"),
            "syscall: {call: openat, path: \"/etc/hostname\", error: EACCES}");
  EXPECT_EQ(fault_of("cannot open \"/etc/hostname\": permission denied"),
            "syscall: {call: openat, path: \"/etc/hostname\", error: EACCES}");
  EXPECT_EQ(fault_of("fork/exec /bin/ls: permission denied"),
            "syscall: {call: execve, path: \"/bin/ls\", error: EACCES}");
}

TEST(LogFaults, KnowTheErrorsOfTheNetwork) {
  EXPECT_EQ(fault_of("dial tcp 10.0.0.1:5432: connect: connection refused"),
            "syscall: {call: connect, peer: \"10.0.0.1:5432\", error: "
            "ECONNREFUSED}");
  EXPECT_EQ(fault_of("dial tcp 10.0.0.2:45678->10.0.0.1:5432: connect: "
                     "connection refused"),
            "syscall: {call: connect, peer: \"10.0.0.1:5432\", error: "
            "ECONNREFUSED}");
  EXPECT_EQ(fault_of("listen tcp :8080: bind: address already in use"),
            "port: {taken: 8080}");
  EXPECT_EQ(fault_of("read tcp 127.0.0.1:1->127.0.0.1:2: read: connection "
                     "reset by peer"),
            "syscall: {call: read, fd: socket, error: ECONNRESET}");
  EXPECT_EQ(fault_of("dial tcp: lookup db.local on 127.0.0.53:53: no such "
                     "host"),
            "dns: {name: \"db.local\", answer: nxdomain}");
  EXPECT_EQ(fault_of("dial tcp 10.0.0.1:5432: i/o timeout"),
            "dependency: {to: \"10.0.0.1:5432\", does: hang}");
}

TEST(LogFaults, KnowNothingElse) {
  EXPECT_EQ(fault_of("too many open files"), "");
  EXPECT_EQ(fault_of("the op was: permission denied"), "");
  EXPECT_THAT(of_log("ok  \texample.com/m\t0.1s\n").candidates, IsEmpty());
}

TEST(LogFaults, TellWhatIsToBeRunAndHowItFailed) {
  Replayed made = of_log(
      "2026-11-20T10:00:01.1234567Z === RUN   TestReads\n"
      "2026-11-20T10:00:01.1234567Z     shop_test.go:13: open /etc/hostname: "
      "too many open files\n"
      "2026-11-20T10:00:01.1234567Z --- FAIL: TestReads (0.00s)\n"
      "2026-11-20T10:00:01.1234567Z FAIL\n"
      "2026-11-20T10:00:01.1234567Z FAIL\texample.com/m/shop\t0.309s\n"
      "2026-11-20T10:00:01.1234567Z FAIL\n");
  ASSERT_EQ(made.candidates.size(), 1U);
  EXPECT_EQ(made.candidates[0].score, 7);
  EXPECT_EQ(made.candidates[0].rests_on.back().line, 2);
  EXPECT_EQ(made.candidates[0].words,
            "open /etc/hostname: too many open files");
  EXPECT_EQ(made.failure.error_line, "");
  EXPECT_THAT(made.workload.packages, ElementsAre("example.com/m/shop"));
  EXPECT_EQ(made.workload.run, "^(TestReads)$");
  EXPECT_EQ(made.workload.dir, "/here");
}

ReplayWorkload run_after(const std::string& test, const std::string& package) {
  return of_log("=== RUN   " + test +
                "\n    a_test.go:3: open /x: permission denied\n--- FAIL: " +
                test + " (0.05s)\nFAIL\nFAIL\t" + package + "\t0.012s\nFAIL\n")
      .workload;
}

// Others write the log: go would run a program that it names as `-exec`.
TEST(LogFaults, NameNoPackageThatIsNone) {
  EXPECT_THAT(run_after("TestA", "example.com/a-b/v2").packages,
              ElementsAre("example.com/a-b/v2"));
  for (std::string name :
       {"-exec=/tmp/evil", "/tmp/evil", "../evil", "./evil", "a/../../evil",
        "a/...", "...", "example.com/evil@v1", "'a'", "a$b", "a//b",
        "command-line-arguments"}) {
    EXPECT_THAT(run_after("TestA", name).packages, IsEmpty()) << name;
  }
}

TEST(LogFaults, TakeTheNameOfATestAsItIs) {
  EXPECT_EQ(run_after("TestA/a|b", "m/a").run, "^(TestA)$");
  EXPECT_EQ(run_after("Test|.*", "m/a").run, "^(Test\\|\\.\\*)$");
}

TEST(LogFaults, ProvokeTheSignalThatEndedIt) {
  Replayed made = of_log(
      "=== RUN   TestSleeps\n"
      "signal: killed\n"
      "FAIL\texample.com/m/shop\t0.009s\n"
      "FAIL\n");
  ASSERT_EQ(made.candidates.size(), 1U);
  EXPECT_EQ(made.candidates[0].fault,
            "signal: {send: SIGKILL, when: {test: \"TestSleeps\"}}");
  EXPECT_EQ(made.failure.killed_by, "SIGKILL");
}

// An error that was only warned of is not what killed it.
TEST(LogFaults, TellTheEndThatASignalBringsWhereTheLogDoesNot) {
  const std::string kBegin =
      "=== RUN   TestA\n"
      "warn: open /etc/warn.conf: no such file or directory\n"
      "--- PASS: TestA (0.00s)\n"
      "=== RUN   TestB\n";
  Replayed made = of_log(kBegin +
                         "SIGQUIT: quit\nPC=0x4789a1 m=0 sigcode=0\n\n"
                         "goroutine 7 [sleep]:\n"
                         "time.Sleep(0x11e1a300)\n"
                         "\t/usr/local/go/src/runtime/time.go:363 +0x135\n"
                         "rax    0x0\n"
                         "FAIL\texample.com/g\t0.012s\nFAIL\n");
  ASSERT_EQ(made.candidates.size(), 2U);
  EXPECT_EQ(made.candidates[0].fault,
            "signal: {send: SIGQUIT, when: {test: \"TestB\"}}");
  EXPECT_EQ(made.failure.exited, "2");
  EXPECT_EQ(made.failure.killed_by, "");
  EXPECT_EQ(made.candidates[1].words, "");
  made = of_log(kBegin +
                "make: *** [Makefile:3: test] Killed\n"
                "##[error]Process completed with exit code 137.\n");
  EXPECT_EQ(made.failure.killed_by, "SIGKILL");
  EXPECT_EQ(made.failure.exited, "");
}

std::string crashed(const std::string& words, const std::string& function) {
  const std::string kStamp = "2026-11-20T10:00:01.1234567Z ";
  std::string out;
  for (const std::string& line :
       {std::string("=== RUN   TestA"),
        std::string("warn: open /etc/warn.conf: no such file or directory"),
        std::string("=== RUN   TestB"), words, std::string(),
        std::string("goroutine 7 [running]:"),
        std::string("testing.tRunner.func1.2({0x5, 0x6})"),
        std::string("\t/usr/local/go/src/testing/testing.go:1974 +0x232"),
        function + "(0xc000)", std::string("\t/m/g/g_test.go:7 +0x1b"),
        std::string("created by testing.(*T).Run in goroutine 1"),
        std::string("\t/usr/local/go/src/testing/testing.go:2101 +0x4c5"),
        std::string("FAIL\texample.com/g\t0.012s"), std::string("FAIL")}) {
    out += kStamp + line + "\n";
  }
  return out;
}

// What it printed before of an error is not what it died of.
TEST(LogFaults, LookForTheCrashThatEndedIt) {
  Replayed made =
      of_log(crashed("panic: runtime error: index out of range [5] with length "
                     "3 [recovered, repanicked]",
                     "example.com/g.TestB"));
  EXPECT_TRUE(made.failure.panics);
  EXPECT_EQ(made.failure.error_line,
            "panic: runtime error: index out of range [5] with length 3");
  EXPECT_EQ(made.failure.top, "example.com/g.TestB");
  ASSERT_EQ(made.candidates.size(), 1U);
  EXPECT_EQ(made.candidates[0].words, "");
  made = of_log(crashed("panic: test timed out after 1s", "testing.alarm"));
  EXPECT_EQ(made.failure.error_line, "panic: test timed out after 1s");
  EXPECT_EQ(made.failure.top, "");
}

// The same that the scenario's `panic: {in: ...}` looks for.
TEST(LogFaults, KnowTheTopBelowWhatGoWaitsAndThrowsBy) {
  const std::string kPlace = "\n\t/m/main.go:9 +0x33\n";
  auto top_of = [&](const std::string& words, const std::string& frames) {
    return of_log("warn: open /x: permission denied\nfatal error: " + words +
                  "\n\ngoroutine 1 [running]:\n" + frames + kPlace +
                  "exit status 2\n")
        .failure.top;
  };
  EXPECT_EQ(top_of("all goroutines are asleep - deadlock!",
                   "sync.runtime_SemacquireWaitGroup(0x10?, 0xa0?)" + kPlace +
                       "sync.(*WaitGroup).Wait(0x2587c088a030)" + kPlace +
                       "main.waits()"),
            "main.waits");
  EXPECT_EQ(top_of("sync: unlock of unlocked mutex",
                   "internal/sync.fatal({0x4caf2a?, 0x4b4960?})" + kPlace +
                       "internal/sync.(*Mutex).Unlock(...)" + kPlace +
                       "main.unlocks()"),
            "main.unlocks");
  EXPECT_EQ(top_of("gone", "example.com/m%2ev2.(*T).Run(...)"),
            "example.com/m.v2.(*T).Run");
  EXPECT_EQ(top_of("gone", "runtime.main()"), "");
}

TEST(LogFaults, HaveNoneInALogOfWhatPassed) {
  Replayed made = of_log(
      "=== RUN   TestA\n"
      "warn: open /etc/warn.conf: no such file or directory\n"
      "--- PASS: TestA (0.05s)\nPASS\nok  \texample.com/g\t0.012s\n");
  EXPECT_THAT(made.candidates, IsEmpty());
  EXPECT_THAT(made.notes, ElementsAre("no package in it failed"));
  EXPECT_TRUE(made.failure.unknown);
}

TEST(LogFaults, TakeTheLimitOfMemoryThatTheKernelTold) {
  Cause oom;
  oom.id = "oom_kill";
  Explanation known;
  known.causes = {{&oom, Sure::certain}};
  LogFaults faults;
  faults.take("memory: usage 65536kB, limit 65536kB, failcnt 31", 9);
  Explained explained;
  explained.explanations = {known};
  Replayed made = faults.replayed(explained, "/");
  ASSERT_EQ(made.candidates.size(), 2U);
  EXPECT_EQ(made.candidates[0].fault, "memory: {max: 65536KiB}");
  EXPECT_EQ(made.candidates[0].rests_on.back().line, 9);
  EXPECT_EQ(made.candidates[1].fault, "signal: {send: SIGKILL}");
}

TEST(LogFaults, KeepNoMoreThanTheyMayHold) {
  LogFaults faults;
  for (int i = 0; i < 1000; ++i) {
    faults.take("open /" + std::string(1 + static_cast<std::size_t>(i), 'x') +
                    ": permission denied",
                i + 1);
  }
  EXPECT_EQ(faults.replayed({}, "/").candidates.size(), 20U);
}

}  // namespace
}  // namespace faultrig
