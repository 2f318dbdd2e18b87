// How a run starts things: the first link through the shim server, the test
// binaries of a chain through the witnesses that `go` starts.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/go_words.h"
#include "harness/os/find_program.h"
#include "harness/os/machine.h"
#include "harness/os/shim_processes.h"
#include "harness/run/captured_pipe.h"
#include "harness/run/fresh_folder.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

// A filter that stops exec, or a disk or network in a user namespace, hides
// from the shim how that ended: a program that is not there, or may not run,
// would be told as one that exited 127.
Result<> may_be_started(const FirstLink& first) {
  std::filesystem::path program =
      std::filesystem::path(first.folder) / first.argv[0];
  if (access(program.c_str(), X_OK) == 0) {
    return Ok{};
  }
  Error error = system_error("exec " + first.argv[0], errno);
  error.what += path_hint(first.argv[0], error.os_errno);
  return error;
}

// Where it sees what a link before it has written: first of all, since it
// leads to another working folder (setns(2)).
void enter_disk_of(const FirstLink& first, std::vector<ChildStep>& steps,
                   std::vector<int>& fds) {
  if (!first.disk) {
    return;
  }
  EnterDisk enter{static_cast<int>(fds.size()), -1};
  fds.push_back(first.disk->mounts);
  if (first.disk->users >= 0) {
    enter.users = static_cast<int>(fds.size());
    fds.push_back(first.disk->users);
  }
  steps.emplace_back(enter);
}

}  // namespace

std::vector<ChildStep> LiveRun::steps_for(Link link, int first_slot,
                                          std::vector<int>& fds) const {
  std::vector<ChildStep> steps;
  const LinkState& state = links_.at(link);
  int slot = first_slot;
  for (int join : state.group.join_fds()) {
    steps.push_back(JoinCgroup{slot++});
    fds.push_back(join);
  }
  auto setup = plan_.launch.links.find(link);
  if (setup != plan_.launch.links.end() && setup->second.fds) {
    std::uint64_t max = setup->second.fds->max;
    steps.push_back(SetRlimit{descriptor_resource(), max, max});
  }
  bool wants_noexec = link == Link::go && plan_.launch.interpreter &&
                      plan_.launch.interpreter->kind == "denied" &&
                      geteuid() == 0;
  if (wants_noexec) {
    steps.push_back(NoexecFolder{scratch().string()});
  }
  state.calls.add_spaces(steps, !has_own_network(link),
                         session_.learnt().tmp_below_disk().string());
  return steps;
}

std::vector<std::string> LiveRun::exec_words() const {
  if (!exec_program_.empty()) {
    return {exec_program_};
  }
  return witness_words(*plan_.scenario.workload.go_test,
                       session_.shim().string(), (scratch() / "door").string());
}

Result<> LiveRun::launch(const FirstLink& first) {
  TRY_ASSIGN(PipeEnds out, make_pipe(true));
  TRY_ASSIGN(PipeEnds err, make_pipe(true));
  LaunchOrder order{
      first.argv, spans_.settings(first.env), {}, "", holds(first.link)};
  restore_ = first.restore;
  session_.go_leftovers().begin(first.go_place);
  std::vector<int> fds{out.write.get(), err.write.get()};
  enter_disk_of(first, order.steps, fds);
  if (!first.folder.empty()) {
    order.steps.push_back(EnterFolder{first.folder});
  }
  std::vector<ChildStep> steps =
      steps_for(first.link, static_cast<int>(fds.size()), fds);
  order.steps.insert(order.steps.end(), steps.begin(), steps.end());
  const LinkState& state = links_.at(first.link);
  if (has_own_network(first.link) || first.beside_needs) {
    needs_.share_network(order.steps, fds);
    state.calls.rule_network(order.steps);
  }
  const auto& service = plan_.scenario.workload.service;
  if (service && service->pid1) {
    order.steps.push_back(OwnPids{});
  }
  if (state.calls.hide_exec()) {
    TRY(may_be_started(first));
  }
  if (state.calls.filter) {
    order.steps.push_back(*state.calls.filter);
  }
  for (std::size_t i = 0; i < plan_.scenario.faults.size(); ++i) {
    Observation installed{.fact = Fact::fault_installed};
    installed.fault = static_cast<FaultId>(i);
    installed.text = plan_.scenario.faults[i].injector;
    recorder_.add(installed);
  }
  recorder_.launch();
  recorder_.add(begun_with(first));
  LaunchPatience patience{plan_.scenario.workload.deadline,
                          [this] { return session_.stopped(); }};
  TRY_ASSIGN(StartedProcess process,
             session_.launcher().launch(order, fds, patience));
  first_pid_ = process.pid;
  out_pipe_ = std::move(out.read);
  err_pipe_ = std::move(err.read);
  listen_to(loop_, out_pipe_, out_);
  listen_to(loop_, err_pipe_, err_);
  std::string program =
      std::filesystem::path(first.argv[0]).filename().string();
  link_started(
      {first.link, process.pid, std::move(process.pidfd), program, order.hold},
      std::move(process.fds), process.exec_ns);
  return Ok{};
}

void LiveRun::supervise(const Process& process, Fd listener) {
  LinkState& state = links_.at(process.link);
  Supervisor::Setup setup{.link = process.link,
                          .listener = std::move(listener),
                          .programs = session_.learnt().programs,
                          .clock = state.calls.clock.get(),
                          .disk = state.calls.disk.get(),
                          .recording = state.calls.recording.get(),
                          .images = state.calls.images.get()};
  setup.before_exit = [this, link = process.link](int pid) {
    return looks_.before_exit(link, pid);
  };
  bool hidden = state.calls.filter && state.calls.filter->stops_exec;
  setup.own_exec_of = hidden ? process.pid : 0;
  if (process.link == Link::go) {
    setup.untouched = session_.shim().string();
    setup.spared = [this](int pid) {
      const std::vector<int>& pids = witnesses_->pids();
      return std::find(pids.begin(), pids.end(), pid) != pids.end();
    };
  }
  SupervisorEvents events;
  events.record = [this](Observation seen) { recorder_.add(std::move(seen)); };
  events.now = [this] { return recorder_.now(); };
  events.trigger = [this](const CallRule& rule) { triggers_->call_seen(rule); };
  events.lost = [this](const std::string& why) { lose(why); };
  events.redirect = [this, &calls = state.calls](AskedConnect asked) {
    return spans_.are_taken_at(asked.to) ? ConnectFate()
                                         : calls.redirect(std::move(asked));
  };
  supervisors_.push_back(std::make_unique<Supervisor>(
      loop_, *state.calls.rules, std::move(setup), std::move(events)));
}

}  // namespace faultrig
