// When a run's time is over. Until go has started a test it compiles, which
// depends on caches and on the machine, not on the workload: that has a time of
// its own.
#include "harness/run/run_deadline.h"

#include <algorithm>
#include <csignal>

#include "harness/os/machine.h"
#include "harness/os/shim_processes.h"
#include "harness/run/goroutine_facts.h"

namespace faultrig {

namespace {

// What exits while its goroutines are looked at does not hang.
constexpr std::chrono::milliseconds kExiting{1000};
// A program that dumps its goroutines has so long for that.
constexpr std::chrono::seconds kDump{2};
constexpr const char* kWhy = "its time was over";

}  // namespace

void RunDeadline::begin() {
  tools_.loop.after(tools_.looks.before(tools_.plan.scenario.workload.deadline),
                    [this] { look(); });
}

void RunDeadline::test_started() {
  if (!first_test_at_) {
    first_test_at_ = tools_.recorder.now();
    begin();
  }
}

// Does go stand between the launch and the first test, unharmed?
bool RunDeadline::awaits_a_test() const {
  const Plan& plan = tools_.plan;
  const std::vector<Fault>& faults = plan.scenario.faults;
  bool of_go = false;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    of_go = of_go || (faults[i].at == Link::go &&
                      tools_.recorder.effects_of(static_cast<FaultId>(i)) > 0);
  }
  return plan.chain() && plan.wrapper == Wrapper::go_test &&
         !plan.launch.interpreter && !of_go;
}

// Since the launch.
std::chrono::nanoseconds RunDeadline::allowed() const {
  const Workload& workload = tools_.plan.scenario.workload;
  if (!awaits_a_test()) {
    return workload.deadline;
  }
  return first_test_at_ ? *first_test_at_ + workload.deadline
                        : std::max(workload.compile_within, workload.deadline);
}

// `compile` and `link` of go, or what else stands in its tool folder, below it.
bool RunDeadline::go_compiles() const {
  if (!tools_.plan.chain() || !tools_.processes.of(Link::test).empty()) {
    return false;
  }
  std::vector<int> family = descendants_of(tools_.processes.first_pid());
  return std::any_of(family.begin(), family.end(), [](int pid) {
    return program_of(pid).find("/pkg/tool/") != std::string::npos;
  });
}

void RunDeadline::look() {
  if (tools_.processes.over() || passed_) {
    return;
  }
  const Workload& workload = tools_.plan.scenario.workload;
  auto left = allowed() - tools_.recorder.now();
  if (left > std::chrono::nanoseconds(0)) {
    tools_.looks.nearly_over(left);
    tools_.loop.after(std::min(tools_.looks.before(left), workload.deadline),
                      [this] { look(); });
    return;
  }
  if (tools_.looks.is_exiting()) {
    tools_.loop.after(kExiting, [this] { look(); });
    return;
  }
  pass();
}

void RunDeadline::pass() {
  passed_ = true;
  bool compiling = awaits_a_test() && !first_test_at_;
  Observation passed;
  passed.fact = Fact::deadline_passed;
  passed.number =
      (compiling ? allowed() : tools_.plan.scenario.workload.deadline).count();
  passed.text = go_compiles() ? "go was compiling" : "";
  tools_.recorder.add(passed);
  // Go answers SIGQUIT with a dump of its goroutines: the test binary's is the
  // one worth having.
  std::vector<LiveProcess> asked;
  for (Link link : {Link::test, Link::command, Link::service, Link::go}) {
    asked = asked.empty() ? tools_.processes.of(link) : asked;
  }
  if (!asked.empty() && asked.front().link != Link::go) {
    tell_goroutines(tools_.recorder, tools_.programs, asked, kWhy);
  }
  for (const LiveProcess& process : asked) {
    tools_.end.tell_our_signal(process, SIGQUIT, kWhy);
    (void)signal_pidfd(process.pidfd, SIGQUIT);
  }
  tools_.loop.after(kDump, [this] { tools_.end.by_force(kWhy); });
}

}  // namespace faultrig
