#include <csignal>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "harness/os/scratch.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const char* const kTerm = R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./sigterm_default, mode: binary}
faults:
  - signal: {send: SIGTERM, when: {after: 20ms}}
expect:
  - test: {killed_by: SIGTERM}
)";

std::unique_ptr<Injector> injector_for(const std::string& yaml) {
  FaultSpec spec{0, Rig::plan(yaml).scenario.faults.at(0)};
  return std::move(find_injector("signal")->make(spec)).value();
}

TEST(Signal, RefusesAnUnknownNameWithItsPlace) {
  EXPECT_EQ(Rig::complaints(R"(workload:
  command: [sleep, '1']
faults:
  - signal: {send: SIGTRM}
)"),
            "4:20: unknown signal 'SIGTRM' (did you mean 'SIGTERM'?)\n");
}

TEST(Signal, RefusesALinkThatTheWorkloadLacks) {
  EXPECT_THAT(Rig::complaints(R"(workload:
  command: [sleep, '1']
faults:
  - signal: {send: SIGTERM, to: go}
)"),
              StartsWith("4:33: this workload has no link 'go'"));
}

TEST(Signal, AsksForNothingBeforeTheLaunch) {
  Launch launch;
  ASSERT_TRUE(injector_for(kTerm)->prepare(launch));
  EXPECT_TRUE(launch.links.empty());
  EXPECT_TRUE(launch.needs.empty());
  EXPECT_FALSE(launch.interpreter);
}

std::vector<FaultId> held_for(const std::string& yaml, Link link) {
  Launch launch;
  EXPECT_TRUE(injector_for(yaml)->prepare(launch));
  return launch.links[link].held_for;
}

TEST(Signal, AsksThatWhoGetsItAtTheStartIsHeld) {
  std::string yaml = kTerm;
  yaml.replace(yaml.find("{after: 20ms}"), 13, "start");
  EXPECT_EQ(held_for(yaml, Link::test), std::vector<FaultId>{0});
  std::string chain = R"(
workload: {go_test: {packages: ., dir: ../../go_fixtures/passes}}
faults:
  - signal: {send: SIGTERM, at: go, to: test, when: {after: 20ms}}
)";
  EXPECT_EQ(held_for(chain, Link::test), std::vector<FaultId>{0});
  EXPECT_TRUE(held_for(chain, Link::go).empty());
}

TEST(Signal, IsDatedBeforeWhatComesOfIt) {
  FakeRun run;
  run.tick(std::chrono::milliseconds(3));
  ASSERT_TRUE(injector_for(kTerm)->arm(run));
  EXPECT_EQ(run.trace.at(0).at, std::chrono::milliseconds(3));
}

TEST(Signal, SaysNothingWhenNobodyWasThere) {
  FakeRun run;
  run.reached = 0;
  ASSERT_TRUE(injector_for(kTerm)->arm(run));
  EXPECT_TRUE(run.trace.empty());
}

TEST(Signal, RepeatsWithoutSleeping) {
  std::string yaml = kTerm;
  yaml.replace(yaml.find("send: SIGTERM"), 13,
               "send: SIGUSR1, times: 3, every: 70ms");
  FakeRun run;
  auto injector = injector_for(yaml);
  ASSERT_TRUE(injector->arm(run));
  EXPECT_EQ(run.count(Fact::signal_sent), 1U);
  run.tick(std::chrono::milliseconds(70));
  run.tick(std::chrono::milliseconds(70));
  run.tick(std::chrono::milliseconds(700));
  EXPECT_EQ(run.count(Fact::signal_sent), 3U);
  EXPECT_EQ(run.signals.front().second, SIGUSR1);
}

const char* const kHelper = R"(
workload:
  command: [sh, -c, 'sleep 20 & echo there; wait $!; echo helper $?; exit 255']
faults:
  - signal: {send: SIGKILL, at: {child: sleep}, when: {output: there}}
golden: false
expect:
  - command: {exited: 255}
  - output: {contains: helper 137}
)";

TEST(Signal, AtAChildAsksThatProgramsAreSeen) {
  Launch launch;
  ASSERT_TRUE(injector_for(kHelper)->prepare(launch));
  ASSERT_EQ(launch.links[Link::command].rules.size(), 1U);
  const CallRule& rule = launch.links[Link::command].rules[0];
  EXPECT_TRUE(rule.names_exec());
  EXPECT_EQ(rule.fault, kNoFault);
  EXPECT_TRUE(launch.links[Link::command].held_for.empty());
}

TEST(Signal, AtAChildWaitsUntilThereIsOne) {
  FakeRun run;
  auto injector = injector_for(kHelper);
  EXPECT_FALSE(injector->ready(run));
  run.child = "sleep";
  EXPECT_TRUE(injector->ready(run));
  ASSERT_TRUE(injector->arm(run));
  EXPECT_EQ(run.signals.front().first, "child sleep");
}

TEST(Signal, RefusesAChildThatNobodyCanMean) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints("workload: {command: ['true']}\nfaults: [" + fault +
                           "]\n");
  };
  EXPECT_THAT(complaints("signal: {send: TERM, at: {child: /bin/sh}}"),
              StartsWith("2:43: expected the name of a program such as sh"));
  EXPECT_THAT(complaints("signal: {send: TERM, at: {chidl: sh}}"),
              HasSubstr("2:36: unknown key 'chidl'"));
  EXPECT_THAT(complaints("signal: {send: TERM, to: tree, at: {child: sh}}"),
              HasSubstr("to says who gets it, and so does at: {child"));
  EXPECT_THAT(complaints("memory: {max: 64MiB, at: {child: sh}}"),
              HasSubstr("memory cannot be at a child alone"));
  EXPECT_THAT(complaints("freeze: {for: 1s, at: {child: sh}}"),
              HasSubstr("freeze cannot be at a child alone"));
}

TEST(Signal, KillsAChildAndNobodyElse) {
  SKIP_IF_MISSING(kHelper);
  Rig::Told ran = Rig::run(kHelper);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  std::vector<std::string> ends;
  for (const Observation& seen : ran.evidence->trace()) {
    if (seen.fact == Fact::child_ended || seen.fact == Fact::not_known) {
      ends.push_back(describe(seen));
    }
  }
  // The kernel tells it since Linux 6.15, and that nobody knows it else.
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_THAT(ends[0], AnyOf(HasSubstr("killed by SIGKILL"),
                             HasSubstr("only its parent is told")));
}

// Nobody runs it when the fault is due: it comes with the first one that does,
// in another program's place.
TEST(Signal, ComesWithTheChild) {
  std::string yaml = R"(
workload:
  command:
    - /bin/sh
    - -c
    - '/bin/sh -c "/bin/sleep 0.2; exec /bin/sleep 20"; exit $?'
faults:
  - signal: {send: SIGTERM, at: {child: 'slee?'}, when: {call: execve, nth: 3}}
golden: false
expect:
  - command: {exited: 143}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
}

TEST(Signal, AtAChildThatNeverComesProvesNothing) {
  expect_inconclusive(R"(
workload: {command: [sh, -c, 'ls / > /dev/null; true']}
faults:
  - signal: {send: SIGKILL, at: {child: helper}}
expect:
  - command: {exited: 0}
)",
                      "no child 'helper' was seen; what was started: ls");
}

TEST(Signal, KillsTheTestBinaryAfterTheDelay) {
  Rig::Told ran = Rig::run(kTerm);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  ASSERT_TRUE(ran.evidence->activated(0));
  EXPECT_GE(
      ran.evidence->trace()[*ran.evidence->first(Fact::fault_activated)].at,
      std::chrono::milliseconds(20));
}

TEST(Signal, WithoutItTheSameExpectationFails) {
  Rig::Told ran = Rig::run_unharmed(kTerm);
  EXPECT_EQ(ran.judgement.verdict, Verdict::fail) << told(ran.judgement);
}

TEST(Signal, ThatComesAfterTheEndProvesNothing) {
  Rig::Told ran = Rig::run(R"(
workload: {command: ['true']}
faults:
  - signal: {send: SIGTERM, when: {after: 5s}}
expect:
  - command: {exited: 0}
)");
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive)
      << told(ran.judgement);
}

TEST(Signal, ReachesTheTestOnceWhenSentToTheGroup) {
  Rig::Told ran = Rig::run(R"(
workload:
  go_test: {dir: ../../go_fixtures, packages: ./sigterm_graceful}
faults:
  - signal: {send: SIGTERM, to: group, when: {test: TestShutsDown}}
expect:
  - go: {killed_by: SIGTERM}
)");
  EXPECT_THAT(told(ran.judgement), HasSubstr("go killed by SIGTERM"));
}

// Two ports, and a trigger that waits for the second one.
TEST(Signal, WaitsForTheListenOnTheNamedPort) {
  const char* yaml = R"(
golden: false
workload:
  go_test: {dir: ../../go_fixtures, packages: ./listens_twice, mode: binary}
faults:
  - signal: {send: SIGTERM, when: {listening: 38471}}
expect:
  - test: {exited: 0}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_EQ(ran.judgement.verdict, Verdict::pass) << told(ran.judgement);
  std::vector<std::string> before;  // the addresses of the listens before it
  for (const Observation& seen : ran.evidence->trace()) {
    if (seen.fact == Fact::trigger_fired) {
      break;
    }
    if (seen.fact == Fact::call_intercepted) {
      before.push_back(seen.path);
    }
  }
  ASSERT_FALSE(before.empty());
  EXPECT_EQ(before.back(), "127.38.47.1:38471");
}

TEST(Signal, OfKillComesBeforeTheCallThatFiresIt) {
  auto made = make_scratch(owner_name() + ".killed");
  TempDir scratch = std::move(*made);
  std::string folder = (scratch.path() / "made").string();
  std::string yaml = "workload: {command: [mkdir, " + folder +
                     "]}\ngolden: false\n"
                     "faults: [signal: {send: SIGKILL, when: {call: mkdir}}]\n"
                     "expect: [command: {killed_by: SIGKILL}]\n";
  SKIP_IF_MISSING(yaml);
  for (int i = 0; i < 200; ++i) {
    Rig::Told told = Rig::run(yaml);
    ASSERT_EQ(told.judgement.verdict, Verdict::pass)
        << faultrig::told(told.judgement);
    ASSERT_FALSE(std::filesystem::exists(folder)) << i;
  }
}

}  // namespace
}  // namespace faultrig
