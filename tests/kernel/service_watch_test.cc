// What a service is watched for while it stops and afterwards, and the triggers
// that only a running one can fire.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/run/go_program.h"
#include "tests/injectors/rig.h"
#include "tests/source_dir.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

std::string fixture(const std::string& name, const std::string& more) {
  return "workload:\n  service:\n    go_build: {dir: ../../go_fixtures, "
         "package: ./service/" +
         name + "}\n" + more;
}

std::string writes_then(const std::string& signal) {
  return "    keep: [data]\n  load:\n    - http: {post: /items, body: '{\"n\": "
         "${n}}', status: 201}\n      rate: 50/s\n      name: writes\nfaults:\n"
         "  - signal: {send: " +
         signal +
         ", when: {answered: 10}}\nexpect:\n  - again: {ready_within: 5s, "
         "finds: writes}\n";
}

TEST(ServiceAgain, FindsWhatWasWrittenBeforeItWasAcknowledged) {
  Rig::Told ran = Rig::run(fixture("store", writes_then("SIGKILL")));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST(ServiceAgain, MissesWhatWasAcknowledgedTooSoon) {
  Rig::Told ran = Rig::run(fixture("store_late", writes_then("SIGKILL")));
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("acknowledged writes are not there"));
}

// Its folders are fresh in each run: nothing is found of an earlier one.
TEST(ServiceAgain, BeginsWithEmptyFolders) {
  Rig::Told ran = Rig::run(
      "golden: false\nworkload:\n  service:\n    command:\n    - sh\n    - -c\n"
      "    - |\n      ls data; test -z \"$(ls data)\" && touch data/x && echo "
      "up && sleep 100\n    ready: {output: ^up$}\n    keep: [data]\nfaults:\n"
      "  - signal: {send: SIGKILL, when: {ready: true}}\nexpect:\n  - again: "
      "{ready_within: 5s}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement), HasSubstr("never got ready"));
}

TEST(ServiceTriggers, CountTheConnectionsThatWereAccepted) {
  Rig::Told ran = Rig::run(fixture(
      "good",
      "    ready: {listening: true}\n  load:\n    - http: {get: /slow}\n      "
      "connections: 5\nfaults:\n  - signal: {send: SIGTERM, when: {accepted: "
      "3}}\nexpect:\n  - service: {graceful: zero}\n"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  auto fired = ran.evidence->first(Fact::trigger_fired);
  ASSERT_TRUE(fired);
  EXPECT_EQ(ran.evidence->trace()[*fired].text, "3 connections accepted");
}

TEST(ServiceTriggers, WaitForAllTheirParts) {
  Rig::Told ran = Rig::run(fixture(
      "good",
      "  load:\n    - http: {get: /}\n      keep_alive: false\nfaults:\n  - "
      "signal: {send: SIGTERM, when: {ready: true, answered: 5, call: accept4}}"
      "\nexpect:\n  - service: {graceful: zero}\n"));
  EXPECT_NE(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
  auto fired = ran.evidence->first(Fact::trigger_fired);
  ASSERT_TRUE(fired) << told(ran.judgement);
  EXPECT_EQ(ran.evidence->trace()[*fired].text,
            "the service is ready, 5 requests answered, the call it waits for");
}

// The signal comes when the call has run: the folder is there.
TEST(ServiceTriggers, FireWhenTheCallHasRun) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    command: [sh, -c, 'mkdir data/x; echo up; "
      "while :; do sleep 0.01; done']\n    ready: {output: ^up$}\n    keep: "
      "[data]\nfaults:\n  - signal: {send: SIGKILL, to: tree, when: {call: "
      "[mkdir, mkdirat], path: '*/x', side: after}}\nexpect:\n  - files: "
      "{left: [data/x]}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

// More requests than there are connections can never be in flight.
TEST(ServiceTriggers, ThatCannotFireAreRefused) {
  EXPECT_THAT(Rig::complaints(fixture(
                  "good",
                  "  load:\n    - http: {get: /}\n      connections: 2\nfaults:"
                  "\n  - signal: {send: SIGTERM, when: {in_flight: 3}}\n")),
              HasSubstr("its loads have at most 2 requests in flight at once"));
}

// No answer comes any more once another fault has stopped it: the wait ends.
TEST(ServiceTriggers, ThatCanFireNoMoreEndTheWait) {
  Rig::Told ran = Rig::run(
      "workload:\n  service:\n    command: [sh, -c, 'trap \"\" TERM; echo up; "
      "while :; do sleep 0.01; done']\n    ready: {output: ^up$}\n    grace: "
      "50s\n  load:\n    - open: silent\nfaults:\n  - signal: {send: SIGTERM, "
      "name: first, when: {ready: true}}\n  - signal: {send: SIGINT, name: "
      "second, when: {answered: 5}}\nexpect:\n  - service: hung\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_LT(ran.judgement.took, std::chrono::seconds(30));
}

// Its first process has ended: there is nobody whose end could be told.
TEST(OddService, ThatGoesToTheBackgroundIsToldSo) {
  Rig::Told ran = Rig::run(
      "golden: false\nworkload:\n  service:\n    command: [sh, -c, 'sleep 50 & "
      "exit 0']\nfaults:\n  - signal: {send: SIGTERM, when: {ready: true}}\n"
      "expect:\n  - service: {graceful: zero}\n");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
  EXPECT_THAT(told(ran.judgement),
              HasSubstr("a service runs in the foreground"));
}

// A signal without a handler does nothing to process 1 (pid_namespaces(7)):
// what Go makes of it is an exit with 2.
TEST(ServicePid1, EndsByOtherRulesThanAnyProcess) {
  const std::string yaml =
      "workload:\n  service:\n    command: [sh, -c, 'echo I am $$; sleep 100 & "
      "while :; do sleep 0.01; done']\n    ready: {output: ^I am 1$}\n    "
      "pid1: "
      "true\n    grace: 300ms\nfaults:\n  - signal: {send: SIGTERM, when: "
      "{ready: true}}\nexpect:\n  - service: hung\n  - leftovers: 0\n";
  expect_pass(yaml);
}

TEST(ServicePid1, IsHeldAtItsStartAsAnyOther) {
  const std::string yaml =
      "golden: false\nworkload:\n  service:\n    command: [sh, -c, 'trap "
      "\"exit "
      "7\" TERM; while :; do sleep 0.01; done']\n    ready: {listening: true}\n"
      "    pid1: true\nfaults:\n  - signal: {send: SIGKILL}\nexpect:\n  - "
      "service: {killed_by: SIGKILL}\n";
  expect_pass(yaml);
}

// A program that is not built in time never started, as one that does not
// compile.
TEST(ServiceBuild, ThatTakesTooLongIsTheWorkloadsTrouble) {
  GoBuild build;
  build.dir = source_dir() + "/go_fixtures";
  build.package = "./service/good";
  build.flags = {"-tags=late"};
  auto built =
      build_program(Rig::session(), build, Rig::session().options().environment,
                    std::chrono::milliseconds(1));
  ASSERT_TRUE(built);
  EXPECT_EQ(built->not_built, "go build had not ended after 1ms");
}

}  // namespace
}  // namespace faultrig
