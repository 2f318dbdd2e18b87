// Services under scenarios: what proves that they were ready, asked, stopped,
// and how they ended; and what proves nothing.
#include <unistd.h>

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

// A service by a shell, told to stop when it is ready.
Rig::Told shell(const std::string& script, const std::string& more,
                const std::string& expect) {
  return Rig::run(
      "workload:\n  service:\n    command:\n    - sh\n    - -c\n"
      "    - |\n      " +
      script + "\n" + more +
      "faults:\n  - signal: {send: SIGTERM, when: {ready: "
      "true}}\nexpect:\n  - " +
      expect + "\n");
}

const std::string kUp = "    ready: {output: ^up$}\n";

std::string good_server(const std::string& more) {
  return "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, "
         "package: ./service/good}\n" +
         more;
}

TEST(ServiceRun, HandlesItsSignalOrNot) {
  Rig::Told handled =
      shell("trap 'exit 0' TERM; echo up; while :; do sleep 0.01; done", kUp,
            "service: {graceful: zero}");
  EXPECT_EQ(handled.judgement.verdict, Verdict::pass)
      << told(handled.judgement);
  Rig::Told not_handled = shell("echo up; while :; do sleep 0.01; done", kUp,
                                "service: {graceful: any}");
  EXPECT_EQ(not_handled.judgement.verdict, Verdict::fail);
  EXPECT_THAT(told(not_handled.judgement),
              HasSubstr("it did not handle SIGTERM"));
}

// A child that asks for ever whether its parent lives calls kill(2) all the
// time, and its parent has handled nothing.
TEST(ServiceRun, IsNotKilledByItsOwnHandWhereAChildCallsKill) {
  Rig::Told killed =
      shell("sh -c 'while kill -0 $PPID; do :; done' & echo up; wait", kUp,
            "service: {graceful: any}");
  EXPECT_EQ(killed.judgement.verdict, Verdict::fail) << told(killed.judgement);
  EXPECT_THAT(told(killed.judgement), HasSubstr("it did not handle SIGTERM"));
}

Rig::Told ends_itself(const std::string& way) {
  const std::filesystem::path program =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() /
      "ends_itself";
  return Rig::run("workload:\n  service:\n    command: [" + program.string() +
                  ", " + way +
                  "]\n    ready: {tcp: true}\n"
                  "faults:\n  - signal: {send: SIGTERM, when: {ready: true}}\n"
                  "expect:\n  - service: {graceful: signal}\n");
}

// Nobody but the kernel sees by which call, and from which thread.
TEST(ServiceRun, IsKilledByItsOwnHandInEachWay) {
  for (const char* way :
       {"raise", "kill", "pthread_kill", "tkill", "pidfd", "sigqueue",
        "pthread_sigqueue", "thread", "handler"}) {
    Rig::Told own = ends_itself(way);
    EXPECT_EQ(own.judgement.verdict, Verdict::pass)
        << way << ": " << told(own.judgement);
  }
  Rig::Told never = ends_itself("never");
  EXPECT_EQ(never.judgement.verdict, Verdict::fail) << told(never.judgement);
  EXPECT_THAT(told(never.judgement), HasSubstr("it did not handle SIGTERM"));
}

// What still listens has shut down nothing.
TEST(ServiceRun, IsNotGracefulWhereItRaisesTheSignalAndListens) {
  Rig::Told open = ends_itself("open");
  EXPECT_EQ(open.judgement.verdict, Verdict::fail) << told(open.judgement);
  EXPECT_THAT(told(open.judgement), HasSubstr("without a shutdown"));
}

TEST(ServiceRun, IsKilledByAnotherProcessOfItsOwn) {
  for (const char* way : {"child", "group"}) {
    Rig::Told killed = ends_itself(way);
    EXPECT_EQ(killed.judgement.verdict, Verdict::fail)
        << way << ": " << told(killed.judgement);
    EXPECT_THAT(told(killed.judgement),
                HasSubstr("another of its processes sent SIGTERM to it"))
        << way;
  }
}

// Its runtime calls tgkill(2) as well, of what the program did not ask for.
TEST(ServiceRun, IsKilledByItsOwnHandWhereAGoProgramCallsTgkill) {
  SKIP_WITHOUT_STACKS();
  Rig::Told own = Rig::run(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, "
      "package: ./service/signals_itself, args: [-tgkill]}\n"
      "faults:\n  - signal: {send: SIGTERM, when: {ready: true}}\n"
      "expect:\n  - service: {graceful: signal}\n");
  EXPECT_EQ(own.judgement.verdict, Verdict::pass) << told(own.judgement);
}

TEST(ServiceRun, ThatNeverGetsReadyProvesNothing) {
  Rig::Told silent =
      shell("echo nothing here; while :; do sleep 0.01; done",
            "    ready_within: 300ms\n", "service: {killed_by: SIGTERM}");
  EXPECT_EQ(silent.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(silent.judgement),
              HasSubstr("did not get ready: within 300ms"));
  EXPECT_THAT(told(silent.judgement), HasSubstr("nothing here"));
}

// Its port is taken, its file is missing: seconds, not the deadline.
TEST(ServiceRun, ThatEndsByItselfFirstProvesNothing) {
  Rig::Told gone =
      shell("echo no such file >&2; exit 3", kUp, "service: {exited: 3}");
  EXPECT_EQ(gone.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(gone.judgement), HasSubstr("no such file"));
  EXPECT_LT(gone.judgement.took, std::chrono::seconds(30));
}

// Its driver is a child of faultrig with the same name.
TEST(ServiceRun, EndsWhenNobodyCanAskItAnyMore) {
  Rig::Told lost = Rig::run(
      "workload:\n  service:\n    command: [sh, -c, 'echo up; until pkill "
      "-KILL -P " +
      std::to_string(getpid()) +
      " -x kernel_test; do sleep 0.01; done; sleep 60']\n" + kUp +
      "  load: [{http: {get: /}}]\n  deadline: 60s\n"
      "faults:\n  - signal: {send: SIGTERM, when: {answered: 3}}\n"
      "expect:\n  - service: {exited: 0}\n");
  EXPECT_EQ(lost.judgement.verdict, Verdict::error) << told(lost.judgement);
  EXPECT_THAT(told(lost.judgement),
              HasSubstr("the driver of the service has died"));
  EXPECT_LT(lost.judgement.took, std::chrono::seconds(30));
}

TEST(ServiceRun, ThatOutlivesItsGraceIsHung) {
  const std::string script =
      "trap '' TERM; echo up; while :; do sleep 0.01; done";
  Rig::Told hung = shell(script, kUp + "    grace: 200ms\n", "service: hung");
  EXPECT_EQ(hung.judgement.verdict, Verdict::pass) << told(hung.judgement);
  Rig::Told killed = shell(script, kUp + "    grace: 200ms\n",
                           "service: {killed_by: SIGKILL}");
  EXPECT_EQ(killed.judgement.verdict, Verdict::fail) << told(killed.judgement);
}

// The grace counts where nobody asks for anything, too: the driver of the load
// is done long before.
TEST(ServiceRun, ThatHangsWithoutLoadIsKilledAtTheEndOfItsGrace) {
  Rig::Told hung = shell("trap '' TERM; echo up; while :; do sleep 0.01; done",
                         kUp + "    grace: 200ms\n", "drain: {within: 10s}");
  EXPECT_EQ(hung.judgement.verdict, Verdict::fail);
  EXPECT_LT(hung.judgement.took, std::chrono::seconds(30));
}

// Not in a closed loop: net/http drops a request that it reads while it shuts
// down (docs/services.md), and there would always be one.
// net/http closes a connection that it takes for idle, and a request may have
// been sent on it just before.
TEST(ServiceRun, IsStoppedByUsWhereNoFaultDoes) {
  Rig::Told ran = Rig::run(good_server(
      "  load:\n    - http: {get: /}\n      rate: 20/s\nexpect:\n"
      "  - service: {graceful: zero}\n  - requests: {sent: before, answered: "
      "{at_least: 1}, wrong: 0, refused: {at_most: 1}}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// Each of these had its request whole when the signal came.
TEST(ServiceRun, KnowsWhichRequestsItHadRead) {
  Rig::Told ran = Rig::run(
      good_server("  load:\n    - http: {get: /slow}\n      connections: 3\n"
                  "faults:\n  - signal: {send: SIGTERM, when: {answered: 3, "
                  "after: 30ms}}\nexpect:\n  - requests: {in_flight: answered, "
                  "wrong: 0}\n  - service: {graceful: zero}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST(ServiceRun, WithoutARequestInFlightCannotTellWhatBecameOfThem) {
  Rig::Told ran = Rig::run(
      good_server("  load:\n    - open: silent\nfaults:\n  - signal: {send: "
                  "SIGTERM, when: {ready: true, after: 50ms}}\nexpect:\n  - "
                  "requests: {in_flight: answered}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

TEST(ServiceRun, ThatDoesNotCompileNeverStarted) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./does_not_compile, flags: [-tags=broken]}\nfaults:\n  - signal: {send: "
      "SIGTERM}\nexpect:\n  - service: {killed_by: SIGTERM}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement), HasSubstr("go build: "));
}

// Also where a rule stops its exec, which nobody sees the end of then.
TEST(ServiceRun, ThatIsNotThereNeverStarted) {
  for (const char* call : {"read", "'%file'"}) {
    Rig::Told ran = Rig::run(
        "workload: {service: {command: [./nowhere]}}\nfaults:\n  - signal: "
        "{send: SIGTERM, when: {call: " +
        std::string(call) + "}}\nexpect:\n  - service: {exited: 127}\n");
    EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive) << call;
    EXPECT_THAT(told(ran.judgement), HasSubstr("service never started"))
        << call;
    EXPECT_THAT(told(ran.judgement), HasSubstr("No such file")) << call;
  }
}

// A signal of the start comes before its first instruction.
TEST(ServiceRun, TakesASignalAtItsStart) {
  Rig::Told ran = Rig::run(
      good_server("golden: false\nfaults:\n  - signal: {send: SIGTERM}\n"
                  "expect:\n  - service: {killed_by: SIGTERM}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// One fault waits for another.
TEST(ServiceRun, IsStoppedWhenAnotherFaultTookEffect) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./service/good}\n    ready: {listening: true}\n  load:\n    - http: "
      "{get: /}\n      rate: 20/s\nfaults:\n"
      "  - syscall: {call: accept4, error: EMFILE, nth: 1}\n"
      "  - signal: {send: SIGTERM, when: {fault: syscall, after: 10ms}}\n"
      "expect:\n  - service: {graceful: zero}\n  - ended: {after: syscall, "
      "within: 30s}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

}  // namespace
}  // namespace faultrig
