// What `faultrig plan` prints, byte for byte.
#include <csignal>

#include <gtest/gtest.h>

#include "harness/model/scenario_sweep.h"
#include "harness/report/plan_text.h"

namespace faultrig {
namespace {

Fault fault(const std::string& injector, const std::string& name) {
  Fault fault;
  fault.injector = injector;
  fault.name = name;
  return fault;
}

Plan go_plan() {
  Plan plan;
  Scenario& scenario = plan.scenario;
  scenario.name = "memory/killed_by_oom";
  scenario.about = "A test that hoards memory.";
  scenario.workload.go_test = GoTest{};
  GoTest& go = *scenario.workload.go_test;
  go.dir = "/src/go_fixtures";
  go.packages = {"./hoard"};
  go.run = "^TestHoard$";
  go.args = {"-greedy"};
  scenario.workload.env["TOKEN"] = "secret";
  scenario.faults = {fault("memory", "memory"), fault("syscall", "disk")};
  scenario.faults[0].params.set("max", Bytes{64 << 20});
  scenario.faults[1].params.set("error", std::int64_t{5});
  scenario.faults[1].when.when = Trigger::When::listening;
  scenario.expect = {{"oom", {}, {}, "oom: {kills: 1}"},
                     {"go", {}, {}, "go: {exited: 1}"}};
  LinkSetup& test = plan.launch.links[Link::test];
  test.memory = MemoryLimit{0, Bytes{64 << 20}, Bytes{0}, true};
  CallRule rule;
  rule.fault = 1;
  rule.calls = {"fsync", "fdatasync"};
  rule.action = CallAction::error;
  rule.number = 5;
  rule.active_from_start = false;
  test.rules = {rule};
  plan.launch.needs = {kNeedsMemoryCgroup, kNeedsNotify};
  plan.wants_test_events = true;
  return plan;
}

TEST(PlanText, ShowsARunOfGoTestStepByStep) {
  EXPECT_EQ(
      plan_text(go_plan()),
      "scenario  memory/killed_by_oom\n"
      "about     A test that hoards memory.\n"
      "seed      1\n"
      "needs     a writable memory cgroup\n"
      "          seccomp user notification\n"
      "golden    first the workload without faults; it must exit 0\n"
      "folder    /src/go_fixtures\n"
      "command   go test -count=1 '-exec=faultrig-shim witness DOOR' "
      "'-run=^TestHoard$' -v=test2json ./hoard -args -greedy\n"
      "          its output goes through test2json afterwards\n"
      "compiling 10m at most, until the first test starts\n"
      "deadline  1m: then SIGQUIT, 2s later SIGKILL for all\n"
      "env       set: TOKEN\n"
      "go        in a cgroup of its own, with a witness that reports its end\n"
      "test      in a cgroup of its own, with a witness that reports its end\n"
      "          memory.max 64MiB, swap 0B, killed as a group\n"
      "          fsync, fdatasync fails with EIO (fault 'disk'), once the "
      "trigger has fired\n"
      "differs   its parent is faultrig-shim, which adopts its orphans and "
      "takes it along when it dies\n"
      "          a session of its own without a terminal, stdin /dev/null, no "
      "other descriptors\n"
      "          no signal ignored or blocked; oom_score_adj 100 higher than "
      "ours\n"
      "          a seccomp filter at test: io_uring and calls of other "
      "architectures get ENOSYS\n"
      "          GOTMPDIR for go alone, not for the test\n"
      "fault     0 memory at test, when: start\n"
      "            max 64MiB\n"
      "          1 syscall 'disk' at test, when: listening\n"
      "            error EIO\n"
      "expect    oom: {kills: 1}\n"
      "          go: {exited: 1}\n");
}

TEST(PlanText, ShowsACommand) {
  Plan plan;
  plan.scenario.name = "command/sleep";
  plan.scenario.workload.command = {"sleep", "1 s"};
  plan.scenario.workload.clean_env = true;
  plan.scenario.workload.keep_env = {"LANG"};
  EXPECT_EQ(plan_text(plan),
            "scenario  command/sleep\n"
            "seed      1\n"
            "folder    the current one\n"
            "command   sleep '1 s'\n"
            "deadline  1m: then SIGQUIT, 2s later SIGKILL for all\n"
            "env       only PATH, HOME, GOPATH, GOCACHE, GOMODCACHE, GOROOT, "
            "GOPROXY, LANG kept\n"
            "command   in a cgroup of its own, with a witness that reports its "
            "end\n"
            "differs   its parent is faultrig-shim, which adopts its orphans "
            "and takes it along when it dies\n"
            "          a session of its own without a terminal, stdin "
            "/dev/null, no other descriptors\n"
            "          no signal ignored or blocked; oom_score_adj 100 higher "
            "than ours\n");
}

// Said once, as of all that a link is started with.
TEST(PlanText, ShowsACapThatComesLater) {
  Plan plan = go_plan();
  CountedCap cap;
  cap.controller = Controller::pids;
  cap.max = 3;
  cap.from_start = false;
  plan.launch.links[Link::test].caps = {cap};
  std::string text = plan_text(plan);
  EXPECT_NE(text.find("pids.max 3 processes and threads, later\n"),
            std::string::npos)
      << text;
}

TEST(PlanText, ShowsASweep) {
  ScenarioSweep sweep;
  sweep.params.set("call", std::vector<std::string>{"fsync", "write"});
  sweep.params.set("each", std::vector<std::string>{"once"});
  sweep.allowed = {{"4f2a91", "", SiteOutcome::swallowed, "a cache", false}};
  Plan plan;
  plan.scenario.name = "store";
  plan.scenario.workload.command = {"true"};
  plan.scenario.sweep = std::make_shared<const ScenarioSweep>(sweep);
  std::string text = plan_text(plan);
  EXPECT_EQ(text.substr(text.find("\nsweep") + 1),
            "sweep     over calls: runs without a fault of it first, then one "
            "or more of each point\n"
            "            call [fsync, write], each [once]\n"
            "allow     swallowed at site 4f2a91: a cache\n");
}

TEST(PlanText, NamesTheBrokenInterpreter) {
  Plan plan = go_plan();
  plan.launch.interpreter = BrokenProgram{0, "missing", 0, 0};
  EXPECT_NE(plan_text(plan).find("'-exec='\\''broken interpreter: missing"),
            std::string::npos)
      << plan_text(plan);
}

}  // namespace
}  // namespace faultrig
