// When a run's time is over. Until go has started a test it compiles, which
// depends on caches and on the machine, not on the workload: that has a time of
// its own. And a run whose fault can come no more has nothing left to wait for.
#include <algorithm>
#include <csignal>

#include "harness/os/machine.h"
#include "harness/os/shim_processes.h"
#include "harness/run/goroutine_facts.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

// The output closes a moment before its last holder has ended.
constexpr std::chrono::milliseconds kMoment{250};
// What exits while its goroutines are looked at does not hang.
constexpr std::chrono::milliseconds kExiting{1000};

}  // namespace

// Does go stand between the launch and the first test, unharmed?
bool LiveRun::awaits_a_test() const {
  const std::vector<Fault>& faults = plan_.scenario.faults;
  bool of_go = false;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    of_go = of_go || (faults[i].at == Link::go &&
                      recorder_.effects_of(static_cast<FaultId>(i)) > 0);
  }
  return plan_.chain() && plan_.wrapper == Wrapper::go_test &&
         !plan_.launch.interpreter && !of_go;
}

// Since the launch.
std::chrono::nanoseconds LiveRun::allowed() const {
  const Workload& workload = plan_.scenario.workload;
  if (!awaits_a_test()) {
    return workload.deadline;
  }
  return first_test_at_ ? *first_test_at_ + workload.deadline
                        : std::max(workload.compile_within, workload.deadline);
}

// `compile` and `link` of go, or what else stands in its tool folder, below it.
bool LiveRun::go_compiles() const {
  if (!plan_.chain() || !processes(Link::test).empty()) {
    return false;
  }
  std::vector<int> family = descendants_of(first_pid_);
  return std::any_of(family.begin(), family.end(), [](int pid) {
    return program_of(pid).find("/pkg/tool/") != std::string::npos;
  });
}

void LiveRun::on_deadline() {
  if (first_ended_ || deadline_passed_) {
    return;
  }
  const Workload& workload = plan_.scenario.workload;
  auto left = allowed() - recorder_.now();
  if (left > std::chrono::nanoseconds(0)) {
    looks_.nearly_over(left);
    loop_.after(std::min(looks_.before(left), workload.deadline),
                [this] { on_deadline(); });
    return;
  }
  if (looks_.is_exiting()) {
    loop_.after(kExiting, [this] { on_deadline(); });
    return;
  }
  deadline_passed_ = true;
  bool compiling = awaits_a_test() && !first_test_at_;
  Observation passed;
  passed.fact = Fact::deadline_passed;
  passed.number = (compiling ? allowed() : workload.deadline).count();
  passed.text = go_compiles() ? "go was compiling" : "";
  recorder_.add(passed);
  // Go answers SIGQUIT with a dump of its goroutines: the test binary's is the
  // one worth having.
  std::vector<LiveProcess> asked;
  for (Link link : {Link::test, Link::command, Link::service, Link::go}) {
    asked = asked.empty() ? processes(link) : asked;
  }
  if (!asked.empty() && asked.front().link != Link::go) {
    tell_goroutines(recorder_, session_.learnt().programs, asked,
                    "its time was over");
  }
  for (const LiveProcess& process : asked) {
    tell_our_signal(process, SIGQUIT, "its time was over");
    (void)signal_pidfd(process.pidfd, SIGQUIT);
  }
  loop_.after(std::chrono::seconds(2),
              [this] { end_by_force("its time was over"); });
}

// Before it is sent: what comes of it is seen later. An end that has come
// already is not ours.
void LiveRun::tell_our_signal(const LiveProcess& process, int signal,
                              const std::string& why) {
  if (has_ended(process.pidfd)) {
    return;
  }
  Observation ours;
  ours.fact = Fact::our_signal;
  ours.link = link_name(process.link);
  ours.pid = process.pid;
  ours.number = signal;
  ours.text = why;
  recorder_.add(ours);
  profiles_.stopping(process.pid);
}

// Can a process of this link still make a call that a rule sees?
bool LiveRun::may_call(Link link) const {
  bool watched = std::any_of(supervisors_.begin(), supervisors_.end(),
                             [link](const auto& one) {
                               return one->link() == link && !one->hung_up();
                             });
  if (watched || link != Link::test || !plan_.chain()) {
    return true;
  }
  // One package is one test binary.
  const auto& packages = plan_.scenario.workload.go_test->packages;
  bool one = packages.size() == 1 &&
             packages[0].find("...") == std::string::npos &&
             packages[0].find_first_of("./") != std::string::npos;
  return !one || !first_test_at_ || !processes(Link::test).empty();
}

void LiveRun::look_for_lost_triggers() {
  bool output = out_pipe_ || err_pipe_;
  auto lost =
      triggers_->lost(output, [this](Link link) { return may_call(link); });
  if (!lost.empty() && !first_ended_) {
    loop_.after(kMoment, [this, lost] { tell_lost_triggers(lost); });
  }
}

void LiveRun::tell_lost_triggers(const std::vector<LostTrigger>& lost) {
  auto first = processes_.find(first_pid_);
  if (first_ended_ || deadline_passed_ || first == processes_.end() ||
      has_ended(first->second.pidfd.get())) {
    return;
  }
  bool needed = false;
  for (const LostTrigger& one : lost) {
    Observation seen;
    seen.fact = one.ends ? Fact::release_lost : Fact::trigger_lost;
    seen.fault = one.fault;
    seen.text = one.why;
    recorder_.add(seen);
    auto index = static_cast<std::size_t>(one.fault);
    needed = needed || !plan_.scenario.faults[index].optional;
  }
  if (needed) {
    end_by_force("no fault could come, or go");
  }
}

}  // namespace faultrig
