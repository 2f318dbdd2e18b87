#include <cerrno>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/scratch.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

std::string saves(const std::string& fault, const std::string& expect) {
  return R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./saves, mode: binary}
faults:
  - syscall: {)" +
         fault + "}\nexpect:\n" + expect;
}

const std::string kFails = "  - test: {exited: 1}\n";

TEST(Syscall, RefusesAnUnknownCallWithASuggestion) {
  EXPECT_THAT(Rig::complaints(saves("call: opneat, error: EIO", kFails)),
              HasSubstr("did you mean 'openat'?"));
}

TEST(Syscall, RefusesTwoThingsAtOnce) {
  EXPECT_NE(
      Rig::complaints(saves("call: fsync, error: EIO, returns: 0", kFails)),
      "");
}

TEST(Syscall, RefusesWhatGoWouldRepeatForEver) {
  EXPECT_THAT(Rig::complaints(saves("call: openat, error: EINTR", kFails)),
              HasSubstr("Go repeats EINTR for ever"));
}

TEST(Syscall, RefusesToSelectInAFilterThatNobodyHears) {
  EXPECT_THAT(Rig::complaints(saves(
                  "call: fsync, error: EIO, static: true, nth: 2", kFails)),
              HasSubstr("static goes with error alone"));
}

TEST(Syscall, AsksForOneRule) {
  Plan plan =
      Rig::plan(saves("call: [fsync, write], error: EIO, nth: 2..4", kFails));
  const LinkSetup& test = plan.launch.links.at(Link::test);
  ASSERT_EQ(test.rules.size(), 1U);
  EXPECT_EQ(test.rules[0].action, CallAction::error);
  EXPECT_EQ(test.rules[0].number, EIO);
  EXPECT_EQ(test.rules[0].nth->text(), "2..4");
  EXPECT_TRUE(test.needs_listener());
}

// Were it let run, whichever of two processors is faster would decide.
void expect_no_call_behind(const std::string& signal) {
  auto made = make_scratch(owner_name() + ".killed");
  TempDir scratch = std::move(*made);
  std::string folder = (scratch.path() / "made").string();
  std::string yaml = "workload: {command: [mkdir, " + folder +
                     "]}\ngolden: false\n"
                     "faults: [syscall: {call: mkdir, signal: " +
                     signal + "}]\nexpect: [command: {killed_by: " + signal +
                     "}]\n";
  SKIP_IF_MISSING(yaml);
  for (int i = 0; i < 100; ++i) {
    Rig::Told told = Rig::run(yaml);
    ASSERT_EQ(told.judgement.verdict, Verdict::pass)
        << faultrig::told(told.judgement);
    ASSERT_FALSE(std::filesystem::exists(folder)) << i;
  }
}

TEST(Syscall, DoesNotMakeTheCallThatSigkillComesBefore) {
  expect_no_call_behind("SIGKILL");
}

TEST(Syscall, DoesNotMakeTheCallThatASignalKillsByDefault) {
  expect_no_call_behind("SIGTERM");
}

// Descriptor 9 is open until the end: what is held there nobody else gets.
TEST(Syscall, FailsToLetGoOfALockAndLetsGoAllTheSame) {
  auto made = make_scratch(owner_name() + ".locked");
  TempDir scratch = std::move(*made);
  std::string lock = (scratch.path() / "lock").string();
  std::string yaml = "workload: {command: [sh, -c, 'exec 9>" + lock +
                     "; flock 9; flock -u 9; echo unlock $?; flock -n " + lock +
                     " echo free']}\ngolden: false\n"
                     "faults: [syscall: {call: flock, error: EIO, nth: 2}]\n"
                     "expect:\n- command: {exited: 0}\n"
                     "- output: {matches: 'unlock [1-9]'}\n"
                     "- output: {contains: free}\n"
                     "- calls: {call: flock, count: 3}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run(yaml);
  EXPECT_EQ(told.judgement.verdict, Verdict::pass)
      << faultrig::told(told.judgement);
  std::vector<std::string> asked;
  for (const Observation& seen : told.evidence->trace()) {
    if (seen.fact == Fact::call_intercepted) {
      asked.push_back(seen.text);
    }
  }
  EXPECT_EQ(asked, (std::vector<std::string>{"LOCK_EX", "LOCK_UN",
                                             "LOCK_EX|LOCK_NB"}));
}

// Linux closes, whatever close(2) says. A shell opens, moves to 9, and closes
// what it had opened: that is the first.
TEST(Syscall, FailsToCloseAFileAndLetsGoOfItAllTheSame) {
  auto made = make_scratch(owner_name() + ".closed");
  TempDir scratch = std::move(*made);
  std::string lock = (scratch.path() / "lock").string();
  std::string yaml = "workload: {command: [sh, -c, 'exec 9>" + lock +
                     "; flock 9; exec 9>&-; flock -n " + lock +
                     " echo free; echo x 2>/dev/null >&9 || "
                     "echo refused']}\ngolden: false\n"
                     "faults: [syscall: {call: close, path: '" +
                     lock +
                     "', error: EIO, nth: 2}]\n"
                     "expect:\n- output: {contains: free}\n"
                     "- output: {contains: refused}\n";
  SKIP_IF_MISSING(yaml);
  Rig::Told told = Rig::run(yaml);
  EXPECT_EQ(told.judgement.verdict, Verdict::pass)
      << faultrig::told(told.judgement);
}

TEST(Syscall, FailsTheCallAndTellsIt) {
  std::string yaml = saves("call: fsync, error: EIO",
                           kFails +
                               "  - output: {contains: 'fsync failed: EIO'}\n"
                               "  - calls: {call: fsync, error: EIO}\n");
  expect_pass(yaml);
}

TEST(Syscall, WithoutItTheSameExpectationFails) {
  std::string yaml = saves("call: fsync, error: EIO", kFails);
  Rig::Told ran = Rig::run_unharmed(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

TEST(Syscall, ThatIsNeverMadeProvesNothing) {
  std::string yaml =
      saves("call: sync_file_range, error: EIO", "  - test: {exited: 0}\n");
  expect_verdict(yaml, Verdict::inconclusive);
}

TEST(Syscall, InTheKernelIsProvedByTheGoldenRun) {
  std::string yaml =
      saves("call: fsync, error: EIO, static: true",
            kFails + "  - output: {contains: 'fsync failed: EIO'}\n");
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->count(Fact::call_intercepted), 0U);
}

// It fails a second time, or every second time, with or without a fault that
// never comes.
TEST(Syscall, InTheKernelIsNotProvedByWhatAnEarlierRunLeft) {
  for (const char* script : {"mkdir made", "mkdir made || ! rmdir made"}) {
    TempDir folder = make_scratch(owner_name() + ".left").value();
    std::string yaml =
        "workload:\n  command: [sh, -c, '" + std::string(script) +
        "']\n  cwd: " + folder.path().string() +
        "\nfaults:\n  - syscall: {call: getpgid, error: EIO, static: true}\n"
        "expect:\n  - command: {exited: 1}\n";
    SCOPED_TRACE(script);
    expect_inconclusive(yaml, "behind the faulty run");
  }
}

std::string goes_round(const std::string& run, const std::string& fault,
                       const std::string& expect) {
  return R"(
workload:
  go_test:
    dir: ../../go_fixtures
    packages: ./goes_round
    mode: binary
    run: )" +
         run + "\nfaults:\n  - syscall: {" + fault + "}\nexpect:\n" + expect;
}

const std::string kPasses = "  - test: {exited: 0}\n";

// The filter itself refuses these, and so does that of the golden run.
TEST(Syscall, InTheKernelProvesNothingWhereAnotherCallWasRefused) {
  for (const char* run :
       {"TestSetsUpARing", "TestEntersARing", "TestCallsByOtherNumbers"}) {
    std::string yaml =
        goes_round(run, "call: getppid, error: EIO, static: true", kPasses);
    SKIP_IF_MISSING(yaml);
    Rig::Told ran = Rig::run(yaml);
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
        << told(ran.judgement);
    EXPECT_GE(ran.evidence->count(Fact::call_refused), 1U) << run;
    EXPECT_THAT(ran.evidence->out(), HasSubstr(": 38")) << run;
  }
}

TEST(Syscall, ThatIsNamedIsNotThereforePermitted) {
  std::string yaml = goes_round(
      "TestSetsUpARing", "call: openat, delay: 1us",
      kPasses + "  - calls: {call: [io_uring_setup, io_uring_enter]}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(ran.evidence->out(), HasSubstr("io_uring_setup: 38"));
}

// Then it is the author's fault that the program met, not a refusal of ours.
TEST(Syscall, MayBeWhatFaultrigWouldRefuse) {
  std::string yaml = goes_round("TestSetsUpARing",
                                "call: io_uring_setup, error: EPERM", kPasses);
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_THAT(ran.evidence->out(), HasSubstr("io_uring_setup: 1\n"));
}

TEST(Syscall, NeverTouchesTheStandardStreams) {
  std::string yaml = saves("call: write, error: ENOSPC",
                           kFails +
                               "  - output: {contains: no space left on "
                               "device}\n");
  expect_pass(yaml);
}

TEST(Syscall, FiresOnceOverAllThreads) {
  std::string yaml = R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./calls_parallel, mode: binary}
faults:
  - syscall: {call: openat, path: '*/crowd', error: EIO, nth: 7}
expect:
  - took_effect: {fault: syscall, times: 1}
)";
  SKIP_IF_MISSING(yaml);
  for (int i = 0; i < 20; ++i) {
    Rig::Told ran = Rig::run(yaml);
    EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 1U)
        << told(ran.judgement);
  }
}

// Two files are read; the fault is meant for the first.
std::string reads(const std::string& faults, const std::string& expect) {
  return "workload: {command: [cat, /etc/hostname, /etc/passwd]}\n"
         "golden: false\nfaults:\n" +
         faults + "expect:\n" + expect;
}

const std::string kFirstFails =
    "  - syscall: {call: openat, path: /etc/hostname, error: EIO}\n";

TEST(Calls, CountsACallThatNoFaultSelected) {
  std::string yaml = reads(
      kFirstFails, "  - calls: {call: openat, path: /etc/passwd, count: 1}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  yaml.replace(yaml.find("count: 1"), 8, "count: none");
  ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

TEST(Calls, CountsACallOnceHoweverManyRulesSeeIt) {
  std::string yaml = reads(
      kFirstFails +
          "  - signal: {send: SIGCONT, when: {call: openat, path: "
          "/etc/hostname}}\n",
      "  - calls: {call: openat, path: /etc/hostname, count: 1}\n"
      "  - calls: {call: openat, path: /etc/hostname, error: EIO, count: 1}\n"
      "  - calls: {sequence: [{call: openat, path: '/etc/host*'}]}\n");
  expect_pass(yaml);
}

TEST(Calls, CountsWritesToStdoutWhereAsked) {
  std::string yaml =
      "workload: {command: [echo, hello]}\nexpect:\n"
      "  - calls: {call: write, fd: stdio, count: 1}\n"
      "  - calls: {call: write, count: none}\n";
  expect_pass(yaml);
}

TEST(Syscall, ThatAnotherFaultAnswersDidNotTakeEffect) {
  std::string yaml =
      reads("  - syscall: {call: openat, path: /etc/hostname, delay: 1ms}\n" +
                kFirstFails,
            "  - command: {exited: 0}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_TRUE(ran.evidence->activated(0));
  EXPECT_FALSE(ran.evidence->activated(1));
  EXPECT_EQ(ran.evidence->count(Fact::call_intercepted), 1U);
}

// The trigger kills the caller at the call, which then waits for ever.
TEST(Syscall, DelayOfACallerThatWasKilledDidNotTakeEffect) {
  std::string yaml = reads(
      "  - syscall: {call: openat, path: /etc/hostname, delay: 30s}\n"
      "  - signal: {send: SIGKILL, when: {call: openat, path: "
      "/etc/hostname}}\n",
      "  - command: {killed_by: SIGKILL}\n");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_TRUE(ran.evidence->activated(1)) << told(ran.judgement);
  EXPECT_FALSE(ran.evidence->activated(0));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

// The shim starts programs by execve(2): by a filter on execveat(2) alone, as
// in '%desc', it is not stopped.
TEST(Syscall, OnExecveatLetsTheProgramStart) {
  for (const char* call : {"execveat", "'%desc'"}) {
    std::string yaml =
        std::string(
            "workload: {command: ['true']}\nfaults:\n  - syscall: {call: ") +
        call + ", error: EIO, path: /nowhere/at/all}\nexpect:\n" +
        "  - command: {exited: 0}\n";
    SKIP_IF_MISSING(yaml);
    Rig::Told ran = Rig::run(yaml);
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
        << told(ran.judgement);
    EXPECT_EQ(ran.judgement.observed, "command exited 0");
  }
}

TEST(Calls, OfACallerThatItsTriggerEndedAreCountedByTheirPath) {
  std::string yaml = R"(
golden: false
workload: {command: [cat, /etc/hostname]}
faults:
  - signal: {send: SIGKILL, when: {call: openat, nth: '1+'}}
expect:
  - command: {killed_by: SIGKILL}
  - calls: {call: openat, path: '/*', count: 1}
)";
  expect_pass(yaml);
}

TEST(Calls, OnANamedPipeAreCallsOnAPipe) {
  std::string yaml = R"(
golden: false
workload:
  command:
    - sh
    - -c
    - >-
      d=$(mktemp -d) && mkfifo $d/p && exec 8<>$d/p && rm -r $d &&
      echo x >&8 && head -c 2 <&8
faults:
  - syscall: {call: dup2, fd: pipe, delay: 1ms}
expect:
  - calls: {call: dup2, fd: pipe}
)";
  expect_pass(yaml);
}

TEST(Syscall, OnExecveSparesOurOwn) {
  std::string yaml = R"(
workload:
  command: [sh, -c, '/bin/true && echo fine; /bin/true || echo refused']
faults:
  - syscall: {call: execve, error: ENOMEM, nth: 2}
expect:
  - output: {contains: fine}
  - output: {contains: refused}
)";
  expect_pass(yaml);
}

}  // namespace
}  // namespace faultrig
