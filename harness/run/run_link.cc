#include "harness/run/run_link.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>
#include <utility>

#include "harness/os/find_program.h"
#include "harness/os/machine.h"

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

RunLink::RunLink(Link link, const Tools& tools) : link_(link), tools_(tools) {}

const LinkSetup* RunLink::setup() const {
  auto found = tools_.plan.launch.links.find(link_);
  return found == tools_.plan.launch.links.end() ? nullptr : &found->second;
}

bool RunLink::is_limited() const {
  return setup() != nullptr && setup()->wants_fresh_group();
}

Result<> RunLink::prepare(const std::filesystem::path& scratch) {
  scratch_ = scratch.string();
  TRY_ASSIGN(group_,
             tools_.session.take_group(
                 is_limited() ? Session::Group::fresh : Session::Group::used,
                 setup() == nullptr ? std::set<Controller>()
                                    : setup()->controllers()));
  group_tools_ = std::make_unique<LinkGroup>(
      link_,
      WatchedGroup{group_, tools_.loop, tools_.recorder, tools_.events.over});
  if (setup() == nullptr) {
    return Ok{};
  }
  TRY(group_tools_->limit_at_start(*setup()));
  LinkCallTools tools{tools_.session, tools_.loop,
                      [&recorder = tools_.recorder](Observation seen) {
                        recorder.add(std::move(seen));
                      },
                      tools_.events.family, tools_.events.over};
  TRY_ASSIGN(calls_, make_link_calls(link_, *setup(), tools_.plan.seed, tools));
  return Ok{};
}

bool RunLink::has_own_network() const {
  const auto& service = tools_.plan.scenario.workload.service;
  bool wanted = link_ == Link::service && service &&
                (service->own_network || calls_.network);
  return wanted && !tools_.session.why_not(kNeedsNetworks);
}

void RunLink::add_steps(std::vector<ChildStep>& steps,
                        std::vector<int>& fds) const {
  for (int join : group_.join_fds()) {
    steps.emplace_back(JoinCgroup{static_cast<int>(fds.size())});
    fds.push_back(join);
  }
  if (setup() != nullptr && setup()->fds) {
    std::uint64_t max = setup()->fds->max;
    steps.emplace_back(SetRlimit{descriptor_resource(), max, max});
  }
  const auto& broken = tools_.plan.launch.interpreter;
  bool wants_noexec =
      link_ == Link::go && broken && broken->kind == "denied" && geteuid() == 0;
  if (wants_noexec) {
    steps.emplace_back(NoexecFolder{scratch_});
  }
  calls_.add_spaces(steps, !has_own_network(),
                    tools_.session.learnt().tmp_below_disk().string());
}

void RunLink::add_filter(std::vector<ChildStep>& steps) const {
  if (calls_.filter) {
    steps.emplace_back(*calls_.filter);
  }
}

Result<std::vector<ChildStep>> RunLink::first_steps(
    const FirstLink& first, std::vector<int>& fds) const {
  std::vector<ChildStep> steps;
  enter_disk_of(first, steps, fds);
  if (!first.folder.empty()) {
    steps.emplace_back(EnterFolder{first.folder});
  }
  add_steps(steps, fds);
  if (has_own_network() || first.beside_needs) {
    tools_.needs.share_network(steps, fds);
    calls_.rule_network(steps);
  }
  const auto& service = tools_.plan.scenario.workload.service;
  if (service && service->pid1) {
    steps.emplace_back(OwnPids{});
  }
  if (calls_.hide_exec()) {
    TRY(may_be_started(first));
  }
  add_filter(steps);
  return steps;
}

SupervisorEvents RunLink::supervisor_events() {
  Recorder& recorder = tools_.recorder;
  SupervisorEvents events;
  events.record = [&recorder](Observation seen) {
    recorder.add(std::move(seen));
  };
  events.now = [&recorder] { return recorder.now(); };
  events.trigger = tools_.events.called;
  events.lost = [&recorder](const std::string& why) { recorder.lose(why); };
  events.redirect = [this](AskedConnect asked) {
    return tools_.events.is_ours(asked.to) ? ConnectFate()
                                           : calls_.redirect(std::move(asked));
  };
  if (Children& children = tools_.events.children(); children.wanted()) {
    events.exec = [&children, link = link_](int pid, const FileNames& names) {
      children.begins(link, pid, names);
    };
  }
  return events;
}

void RunLink::supervise(const RunProcess& process, Fd listener) {
  Supervisor::Setup setup{.link = link_,
                          .listener = std::move(listener),
                          .programs = tools_.session.learnt().programs,
                          .clock = calls_.clock.get(),
                          .disk = calls_.disk.get(),
                          .recording = calls_.recording.get(),
                          .images = calls_.images.get(),
                          .brief = tools_.recorder.is_brief()};
  setup.before_exit = [this](int pid) {
    return tools_.events.before_exit(link_, pid);
  };
  bool hidden = calls_.filter && calls_.filter->stops_exec;
  setup.own_exec_of = hidden ? process.pid : 0;
  if (link_ == Link::go) {
    setup.untouched = tools_.session.shim().string();
    setup.spared = tools_.events.is_witness;
  }
  supervisors_.push_back(std::make_unique<Supervisor>(
      tools_.loop, *calls_.rules, std::move(setup), supervisor_events()));
}

bool RunLink::is_watched() const {
  return std::any_of(supervisors_.begin(), supervisors_.end(),
                     [](const auto& one) { return !one->hung_up(); });
}

std::size_t RunLink::heard() const {
  std::size_t calls = 0;
  for (const auto& supervisor : supervisors_) {
    calls += supervisor->heard();
  }
  return calls;
}

}  // namespace faultrig
