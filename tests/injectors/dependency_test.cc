// What a workload depends on refuses, hangs, breaks, crawls: each mode against
// a server that does nothing of it, with a client that never heard of us.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/inject/registry.h"
#include "tests/injectors/fake_run.h"
#include "tests/injectors/line_client.h"
#include "tests/injectors/line_server.h"
#include "tests/injectors/rig.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Dependency, RefusesAConnection) {
  LineServer server;
  expect_only_by_the_fault(client(server.port(), "      dial") + R"(
faults:
  - dependency: {to: '127.0.0.1:)" +
                           server.port() + R"(', does: refuse}
expect:
  - output: {contains: no connection}
  - took_effect: {fault: dependency, times: 1}
  - calls: {call: connect, error: ECONNREFUSED, count: 1}
)");
}

// Nobody listens there: without the fault it would be refused, too, but not by
// us.
TEST(Dependency, RefusesWhereNothingEverWas) {
  std::string port = [] { return LineServer().port(); }();
  expect_pass(broken(port, "      dial", "does: refuse", R"(
  - took_effect: dependency
)"));
}

TEST(Dependency, IsLedOnWhereNoFaultIsActive) {
  LineServer server;
  std::string yaml = client(server.port(), "      dial && ask hello && bye") +
                     R"(
faults:
  - dependency:
      to: )" + server.port() +
                     R"(
      does: refuse
      when: {output: never}
      optional: true
expect:
  - output: {contains: 'read 0: hello (5)'}
)";
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_THAT(ran.evidence->out(), HasSubstr("read 0: hello (5)"));
  EXPECT_EQ(ran.evidence->count(Fact::fault_activated), 0U);
}

// What refuses it is not us.
TEST(Dependency, IsRefusedByNobodyButItselfWhereNoFaultIsActive) {
  std::string port = [] { return LineServer().port(); }();
  std::string yaml =
      broken(port, "      dial", "does: hang, when: {output: never}", R"(
  - output: {contains: no connection}
)");
  SKIP_IF_MISSING(yaml);
  Rig::Told ran = Rig::run(yaml);
  EXPECT_THAT(ran.evidence->out(), HasSubstr("no connection"));
  EXPECT_EQ(ran.judgement.verdict, Verdict::inconclusive);
}

TEST(Dependency, ResetsWhatStandsWhenItRefuses) {
  LineServer server;
  expect_only_by_the_fault(client(server.port(), R"(
      dial; ask one; ask two; dial)") +
                           R"(
faults:
  - dependency:
      to: )" + server.port() +
                           R"(
      does: refuse
      when: {output: 'read 0: one'}
expect:
  - output: {contains: 'read 1:  (0)'}
  - output: {contains: no connection}
  - took_effect: {fault: dependency, times: 2}
)");
}

// Released by what the client prints while it waits.
TEST(Dependency, HangsUntilItIsReleased) {
  LineServer server;
  expect_pass(client(server.port(), R"(
      dial; ask one; ask two)") +
              R"(
faults:
  - dependency:
      to: )" + server.port() +
              R"(
      does: hang
      when: {output: 'read 0: one'}
      until: {output: asked two, effects: 1, after: 50ms}
expect:
  - output: {contains: 'read 0: two (3)'}
  - took_effect: {fault: dependency, times: 1}
  - recovered: {after: dependency, within: 30s, output: 'read 0: two'}
)");
}

TEST(Dependency, AnswersNothingWhileItHangs) {
  LineServer server;
  std::string yaml = broken(server.port(), R"(
      dial; echo hello >&3; IFS= read -r -t 0.3 line <&3 || echo nothing)",
                            "does: hang", R"(
  - output: {contains: nothing}
)");
  expect_only_by_the_fault(yaml);
}

TEST(Dependency, HangsWhereNothingEverWas) {
  std::string port = [] { return LineServer().port(); }();
  expect_only_by_the_fault(broken(port, R"(
      dial && echo hello >&3; IFS= read -r -t 0.3 line <&3 && exit 1; bye
      echo waited)",
                                  "does: hang", R"(
  - output: {contains: waited}
  - output: {lacks: no connection}
)"));
}

TEST(Dependency, ResetsANewConnectionAtItsFirstByte) {
  LineServer server;
  expect_only_by_the_fault(broken(server.port(), R"(
      dial && echo connected; ask one)",
                                  "does: reset", R"(
  - output: {contains: connected}
  - output: {contains: Connection reset by peer}
  - took_effect: {fault: dependency, times: 1}
)"));
}

TEST(Dependency, ThatNobodyAskedHasNotTakenEffect) {
  LineServer server;
  std::string yaml =
      broken(server.port(), "      dial; bye; echo well", "does: hang", R"(
  - output: {contains: well}
)");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::inconclusive);
}

TEST(Dependency, TakesSoManyConnectionsAtOnce) {
  LineServer server;
  expect_only_by_the_fault(broken(server.port(), R"(
      dial; ask one
      (dial) || echo "one too many"
      bye; dial; ask two)",
                                  "connections: 1", R"(
  - output: {contains: one too many}
  - output: {contains: 'read 0: two'}
  - took_effect: {fault: dependency, times: 1}
)"));
}

TEST(Dependency, RefusesTheFirstOnly) {
  LineServer server;
  expect_only_by_the_fault(broken(server.port(), R"(
      dial; dial; dial; ask three)",
                                  "does: refuse, first: 2", R"(
  - output: {contains: 'read 0: three'}
  - took_effect: {fault: dependency, times: 2}
)"));
}

TEST(Dependency, ComesBackAfterSoManyEffects) {
  LineServer server;
  expect_pass(broken(server.port(), R"(
      dial; dial; dial; ask three)",
                     "does: refuse, until: {effects: 2}", R"(
  - output: {contains: 'read 0: three'}
  - took_effect: {fault: dependency, times: 2}
  - recovered: {after: dependency, within: 30s, output: 'read 0: three'}
)"));
}

TEST(Dependency, MayHaveTwoFaultsAtOnce) {
  LineServer server;
  expect_only_by_the_fault(client(server.port(), R"(
      dial; ask one; ask two)") +
                           R"(
faults:
  - dependency: {name: late, to: )" +
                           server.port() + R"(, slow: 100ms}
  - dependency:
      name: broken
      to: )" + server.port() +
                           R"(
      does: reset
      when: {output: 'read 0: one'}
  - syscall: {call: openat, path: /etc/hostname, error: EIO, optional: true}
expect:
  - took_effect: late
  - took_effect: {fault: broken, times: 1}
)");
}

// What is delayed runs by itself: nobody can say that the fault has hit it, or
// would not have.
TEST(Dependency, IsInDoubtWhereAnotherFaultLetsTheCallRun) {
  LineServer server;
  std::string yaml = client(server.port(), "      dial") + R"(
faults:
  - syscall: {call: connect, delay: 1ms}
  - dependency: {to: )" +
                     server.port() +
                     R"(, does: refuse, optional: true}
expect:
  - took_effect: syscall
)";
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::inconclusive);
}

// What its own filter answers nobody sees: PR_SET_SECCOMP is 22; that
// there is no filter at 1 nobody knows beforehand.
TEST(Dependency, IsInDoubtWhereTheWorkloadAsksForAFilterOfItsOwn) {
  LineServer server;
  std::string yaml = broken(server.port(), R"(
      dial
      perl -e 'syscall(157, 22, 2, 1, 0, 0)')",
                            "does: refuse", R"(
  - took_effect: dependency
)");
  SKIP_IF_MISSING(yaml);
  EXPECT_EQ(Rig::run(yaml).judgement.verdict, Verdict::inconclusive);
}

TEST(Dependency, ShowsItsStartWhatItTakes) {
  Launch launch;
  FaultSpec spec;
  spec.id = 0;
  spec.fault.injector = spec.fault.name = "dependency";
  spec.fault.at = Link::command;
  spec.fault.params.set("to", std::string("5432"));
  spec.fault.params.set("does", std::string("hang"));
  ASSERT_TRUE(find_injector("dependency")->make(spec).value()->prepare(launch));
  const LinkSetup& setup = launch.links.at(Link::command);
  ASSERT_EQ(setup.rules.size(), 2U);
  EXPECT_EQ(setup.rules[0].action, CallAction::redirect);
  EXPECT_THAT(setup.rules[0].calls, ElementsAre("connect"));
  ASSERT_EQ(setup.dependencies.size(), 1U);
  EXPECT_EQ(setup.dependencies[0].mode, DependencyMode::hang);
}

TEST(Dependency, SaysWhatItTakes) {
  auto complaints = [](const std::string& fault) {
    return Rig::complaints("workload: {command: [true]}\nfaults:\n  - " +
                           fault + "\nexpect:\n  - command: {exited: 0}\n");
  };
  EXPECT_THAT(complaints("dependency: {to: 'db.example:5432', does: hang}"),
              HasSubstr("connect(2) shows no names"));
  EXPECT_THAT(complaints("dependency: {to: 5432}"), HasSubstr("does"));
  EXPECT_THAT(complaints("dependency: {to: 5432, slow: 0s}"),
              HasSubstr("more than nothing"));
  EXPECT_THAT(
      complaints("dependency: {to: 5432, does: hang, until: {effects: 1}}"),
      HasSubstr("say after beside effects"));
  EXPECT_THAT(complaints("dependency: {to: /run//x.sock, does: hang}"),
              HasSubstr("3:22: dependency: to is"));
  EXPECT_THAT(complaints("dependency: {to: 5432, does: refuse, first: 1, "
                         "until: {effects: 2}}"),
              HasSubstr("until waits for 2 effects"));
  EXPECT_THAT(complaints("dependency: {to: 5432, answer: {status: 42}}"),
              HasSubstr("status"));
}

}  // namespace
}  // namespace faultrig
