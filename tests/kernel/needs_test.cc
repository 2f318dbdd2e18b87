// What a service needs: there before it, spared by what it suffers, gone after
// it; and what proves nothing without it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/os/shim_processes.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// A service by a shell that traps SIGTERM. `needs`: elements of its list.
std::string workload(const std::string& needs, const std::string& more = "") {
  return "workload:\n  service:\n    command: [sh, -c, 'trap \"exit 0\" TERM; "
         "echo up; while :; do sleep 0.01; done']\n    ready: {output: "
         "^up$}\n" +
         more + "    needs:\n" + needs;
}

std::string need(const std::string& name, const std::string& script,
                 const std::string& more = "") {
  return "    - name: " + name + "\n      command: [sh, -c, '" + script +
         "']\n      ready: {output: ^here$}\n" + more;
}

const std::string kLives =
    "trap \"exit 0\" TERM; echo here; while :; do sleep 0.01; done";

// SIGTERM once it is ready.
std::string told_to_stop(const std::string& expect,
                         const std::string& delay = "") {
  return "faults:\n  - signal: {send: SIGTERM, when: {ready: true" + delay +
         "}}\nexpect:\n  - " + expect + "\n";
}

// `db started`, `service exited 0`, ... in the order of the trace.
std::vector<std::string> lives(const Evidence& evidence) {
  std::vector<std::string> told;
  for (const Observation& seen : evidence.trace()) {
    bool of_a_life =
        seen.fact == Fact::process_started || seen.fact == Fact::need_ready ||
        seen.fact == Fact::process_ended || seen.fact == Fact::our_signal;
    if (of_a_life) {
      std::string text = describe(seen);
      told.push_back(text.substr(0, text.find(':')));
    }
  }
  return told;
}

int alive_below_the_shim() {
  return static_cast<int>(
      descendants_of(Rig::session().launcher().shim_pid()).size());
}

TEST(Needs, AreReadyBeforeTheServiceStartsAndEndAfterIt) {
  Rig::Told ran = Rig::run(workload(need("db", kLives)) +
                           told_to_stop("service: {graceful: zero}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_THAT(
      lives(*ran.evidence),
      ElementsAre("db started", "db was ready", "service started",
                  "service exited 0", HasSubstr("SIGTERM"), "db exited 0"));
  ASSERT_EQ(ran.evidence->beside().size(), 1U);
  EXPECT_EQ(ran.evidence->beside()[0].name, "db");
  EXPECT_EQ(alive_below_the_shim(), 0);
}

TEST(Needs, StartEachBehindThoseThatItNeedsAndEndBeforeThem) {
  Rig::Told ran = Rig::run(workload(need("api", kLives, "      needs: [db]\n") +
                                    need("db", kLives)) +
                           told_to_stop("service: {graceful: zero}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_THAT(
      lives(*ran.evidence),
      ElementsAre("db started", "db was ready", "api started", "api was ready",
                  "service started", "service exited 0", HasSubstr("SIGTERM"),
                  "api exited 0", HasSubstr("SIGTERM"), "db exited 0"));
}

// One network for all: the service asks it at 127.0.0.1.
TEST(Needs, AreReachedByTheService) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, package: "
      "./service/front, args: [--back, 'http://127.0.0.1:8097']}\n    needs:\n"
      "    - name: behind\n      go_build: {dir: ../../go_fixtures, package: "
      "./service/good, args: [--addr, '127.0.0.1:8097']}\n  load:\n"
      "    - http: {get: /, answer: hello}\n      rate: 20/s\n" +
      told_to_stop("requests: {sent: before, answered: {at_least: 3}, wrong: "
                   "0}",
                   ", answered: 5"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST(Needs, ThatEndInTheMiddleLeaveNothingProved) {
  Rig::Told ran =
      Rig::run(workload(need("db",
                             "echo here; sleep 0.3; echo no space left >&2; "
                             "exit 3")) +
               "golden: false\n" +
               told_to_stop("service: {graceful: any}", ", after: 20s"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("db exited 3, while it was needed; its last output: no "
                        "space left"));
  EXPECT_LT(ran.judgement.took, std::chrono::seconds(30));
  EXPECT_EQ(alive_below_the_shim(), 0);
}

// The run without faults had already been without it.
TEST(Needs, ThatEndInTheGoldenRunAreItsTrouble) {
  Rig::Told ran = Rig::run(
      workload(need("db", "echo here; sleep 0.05; echo out of luck; exit 0")) +
      told_to_stop("service: {graceful: any}", ", after: 2s"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("without any fault the workload misbehaves too: db "
                        "exited 0, while it was needed; its last output: out "
                        "of luck"));
}

TEST(Needs, ThatNeverGetReadyStartNothing) {
  Rig::Told ran = Rig::run(
      workload(need("db", "echo reading its log; while :; do sleep 0.01; done",
                    "      ready_within: 300ms\n")) +
      "golden: false\n" + told_to_stop("service: {graceful: any}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("db did not get ready: within 300ms: the line was not "
                        "printed; its last output: reading its log"));
  EXPECT_THAT(lives(*ran.evidence),
              Not(::testing::Contains("service started")));
  EXPECT_LT(ran.judgement.took, std::chrono::seconds(30));
  EXPECT_EQ(alive_below_the_shim(), 0);
}

TEST(Needs, ThatEndBeforeTheyAreReadyAreTold) {
  Rig::Told ran =
      Rig::run(workload(need("db", "echo port taken >&2; exit 1")) +
               "golden: false\n" + told_to_stop("service: {graceful: any}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("db exited 1, while it was needed; its last output: "
                        "port taken"));
}

TEST(Needs, ThatAreNotThereNeverStarted) {
  Rig::Told ran =
      Rig::run(workload("    - {name: db, command: [./nowhere]}\n") +
               "golden: false\n" + told_to_stop("service: {graceful: any}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
  EXPECT_THAT(told(ran.judgement), HasSubstr("db never started"));
  EXPECT_THAT(told(ran.judgement), HasSubstr("No such file"));
}

// Not even what reaches every process of the workload, and not what is done to
// one that hangs.
TEST(Needs, AreNeverTheTargetOfAFault) {
  const std::string ask = "expect:\n  - service: {killed_by: SIGKILL}\n";
  Rig::Told all = Rig::run(workload(need("db", kLives)) +
                           "faults:\n  - signal: {send: SIGKILL, to: tree, "
                           "when: {ready: true}}\n" +
                           ask);
  EXPECT_EQ(all.judgement.verdict, Verdict::pass) << told(all.judgement);
  ASSERT_EQ(all.evidence->beside().size(), 1U);
  EXPECT_EQ(all.evidence->beside()[0].our_signal, SIGTERM);
  EXPECT_TRUE(all.evidence->beside()[0].status->clean());
  Rig::Told hung = Rig::run(
      "workload:\n  service:\n    command: [sh, -c, 'trap \"\" TERM; echo up; "
      "while :; do sleep 0.01; done']\n    ready: {output: ^up$}\n    grace: "
      "200ms\n    needs:\n" +
      need("db", kLives) + told_to_stop("service: hung"));
  EXPECT_EQ(hung.judgement.verdict, Verdict::pass) << told(hung.judgement);
  EXPECT_TRUE(hung.evidence->beside().at(0).status->clean());
  EXPECT_FALSE(hung.evidence->beside().at(0).hung);
}

// What a need leaves is gone with the run, and nobody's leftover.
TEST(Needs, LeaveNothing) {
  Rig::Told ran = Rig::run(
      workload(need("db",
                    "sleep 600 & trap \"\" TERM; echo here; while :; do "
                    "sleep 0.01; done",
                    "      grace: 100ms\n")) +
      told_to_stop("leftovers: none"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->beside().at(0).our_signal, SIGKILL);
  EXPECT_EQ(alive_below_the_shim(), 0);
}

TEST(Needs, LiveOnThroughASecondLifeOfTheService) {
  Rig::Told ran = Rig::run(workload(need("db", kLives)) +
                           told_to_stop("again: {ready_within: 5s}"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  ASSERT_EQ(ran.evidence->beside().size(), 1U);
  EXPECT_LT(ran.evidence->first(Fact::second_ready).value_or(SIZE_MAX),
            ran.evidence->beside()[0].cite);
}

}  // namespace
}  // namespace faultrig
