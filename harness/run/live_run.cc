#include "harness/run/live_run.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/inject/registry.h"
#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_processes.h"
#include "harness/run/captured_pipe.h"
#include "harness/run/signalling.h"

namespace faultrig {

namespace {

Observation about(Fact fact, Source source, const std::string& text = "") {
  Observation out;
  out.fact = fact;
  out.source = source;
  out.text = text;
  return out;
}

}  // namespace

LiveRun::LiveRun(Session& session, const Plan& plan, Needs& needs)
    : session_(session),
      plan_(plan),
      needs_(needs),
      recoveries_(plan.launch.recoveries, recorder_),
      looks_(plan.scenario, {loop_, recorder_, session.learnt().programs,
                             [this](Link link) { return processes(link); }}),
      profiles_(plan.scenario.observe.profile),
      spans_(plan, loop_, recorder_),
      out_(session.options().keep_output, {}),
      err_(session.options().keep_output, {}) {
  recorder_.tell_each(session.options().hear);
}

LiveRun::~LiveRun() {
  needs_.leave();
  service_.reset();
  for (auto& injector : injectors_) {
    injector->disarm();
  }
  supervisors_.clear();
  witnesses_.reset();
  for (auto& [link, state] : links_) {
    session_.give_back(std::move(state.group));
  }
  session_.give_back(std::move(witness_group_));
}

Result<> LiveRun::prepare(std::vector<SoughtWrite> seek) {
  session_.learnt().programs.forget_removed();
  // A plain command needs no files of ours.
  if (plan_.chain() || plan_.wants_test_events || profiles_.wanted()) {
    TRY_ASSIGN(folder_, session_.make_folder());
    profiles_.use_folder(folder_.path());
  }
  TRY(spans_.open());
  if (plan_.chain()) {
    work_ = session_.make_work_folder().value_or(TempDir());
  }
  triggers_ = std::make_unique<Triggers>(
      loop_, plan_.scenario.faults,
      Triggers::Events{
          [this](FaultId fault, const std::string& why) { fire(fault, why); },
          [this](FaultId fault, bool ends) {
            for (auto& [link, state] : links_) {
              state.calls.activate_trigger(fault, ends);
            }
          },
          [this](FaultId fault, const std::string& why) {
            release(fault, why);
          }});
  std::vector<Link> links{plan_.scenario.workload.main_link()};
  if (plan_.has_go()) {
    links = plan_.chain() ? std::vector{Link::go, Link::test}
                          : std::vector{Link::test};
  }
  for (Link link : links) {
    TRY(prepare_link(link));
  }
  if (plan_.scenario.workload.service) {
    // A golden run is not told to do what a fault will tell it.
    bool golden = plan_.launch.stops_service && plan_.scenario.faults.empty();
    service_ = std::make_unique<ServiceLife>(plan_.scenario.workload,
                                             golden ? SIGKILL : SIGTERM,
                                             service_tools(std::move(seek)));
  }
  if (plan_.chain() && links_.at(Link::go).tools->memory().is_limited()) {
    TRY_ASSIGN(witness_group_, session_.take_group(Session::Group::used));
  }
  for (std::size_t i = 0; i < plan_.scenario.faults.size(); ++i) {
    FaultSpec spec{static_cast<FaultId>(i), plan_.scenario.faults[i]};
    const InjectorType* type = find_injector(spec.fault.injector);
    TRY_ASSIGN(auto injector, type->make(spec));
    injectors_.push_back(std::move(injector));
  }
  if (plan_.chain()) {
    TRY(open_door());
  }
  for (auto& injector : injectors_) {
    TRY(injector->install(*this));
  }
  return Ok{};
}

Session::Group LiveRun::group_kind_for(Link link) const {
  auto setup = plan_.launch.links.find(link);
  bool fresh =
      setup != plan_.launch.links.end() && setup->second.wants_fresh_group();
  return fresh ? Session::Group::fresh : Session::Group::used;
}

Result<> LiveRun::prepare_link(Link link) {
  LinkState& state = links_[link];
  auto setup = plan_.launch.links.find(link);
  bool plain = setup == plan_.launch.links.end();
  TRY_ASSIGN(state.group,
             session_.take_group(
                 group_kind_for(link),
                 plain ? std::set<Controller>() : setup->second.controllers()));
  state.tools = std::make_unique<LinkGroup>(
      link, WatchedGroup{state.group, loop_, recorder_,
                         [this] { return first_ended_; }});
  if (plain) {
    return Ok{};
  }
  TRY(state.tools->limit_at_start(setup->second));
  LinkCallTools tools{
      session_, loop_,
      [this](Observation seen) { recorder_.add(std::move(seen)); },
      [this] { return descendants_of(root()); },
      [this] { return first_ended_; }};
  TRY_ASSIGN(state.calls,
             make_link_calls(link, setup->second, plan_.seed, tools));
  return Ok{};
}

void LiveRun::fire(FaultId fault, const std::string& why) {
  Observation fired = about(Fact::trigger_fired, Source::harness, why);
  fired.fault = fault;
  recorder_.add(fired);
  if (injectors_[static_cast<std::size_t>(fault)]->ready(*this)) {
    arm(fault);
  } else {
    waiting_to_arm_.push_back(fault);
  }
}

void LiveRun::arm(FaultId fault) {
  armed_.insert(fault);
  auto armed = injectors_[static_cast<std::size_t>(fault)]->arm(*this);
  if (!armed) {
    recorder_.trouble(
        plan_.scenario.faults[static_cast<std::size_t>(fault)].name + ": " +
        armed.error().what);
  }
  triggers_->armed(fault);
}

// Behind the end of the workload nothing is left to be released.
void LiveRun::release(FaultId fault, const std::string& why) {
  if (first_ended_) {
    return;
  }
  recoveries_.release_begins(
      {written_to(out_pipe_, out_), written_to(err_pipe_, err_)});
  auto released = injectors_[static_cast<std::size_t>(fault)]->release(*this);
  if (!released) {
    recorder_.trouble(
        plan_.scenario.faults[static_cast<std::size_t>(fault)].name +
        ": cannot be released: " + released.error().what);
    return;
  }
  tell_release(fault, why);
}

void LiveRun::tell_release(FaultId fault, const std::string& why) {
  Observation told = about(Fact::fault_released, Source::harness, why);
  told.fault = fault;
  recorder_.add(told);
  recoveries_.released(fault, {out_.taken(), err_.taken()});
  triggers_->released(fault);
  looks_.came(LookMoment::release,
              plan_.scenario.faults[static_cast<std::size_t>(fault)].name);
}

// For faults only until those that need it have come: a run of many packages
// starts many tests. Into a network of its own spans go from its first moment.
bool LiveRun::holds(Link link) const {
  auto setup = plan_.launch.links.find(link);
  bool apart = has_own_network(link) || links_.at(link).calls.network;
  bool for_spans = spans_.wanted() && apart && !session_.why_not(kNeedsTrace);
  return for_spans ||
         (setup != plan_.launch.links.end() &&
          std::any_of(
              setup->second.held_for.begin(), setup->second.held_for.end(),
              [this](FaultId fault) { return !armed_.contains(fault); }));
}

void LiveRun::link_started(Process process, StartedFds fds,
                           std::int64_t exec_ns) {
  Observation started = about(Fact::process_started, Source::shim);
  started.at = recorder_.since_launch(exec_ns);
  started.link = link_name(process.link);
  started.pid = process.pid;
  started.text = process.program;
  recorder_.add(started);
  if (process.link == Link::test) {
    profiles_.started(process.witness, process.pid, process.program,
                      started.at);
  }
  links_.at(process.link).calls.started(process.pid, fds);
  spans_.started(process.link, process.pid);
  if (fds.listener) {
    supervise(process, std::move(fds.listener));
  }
  Process& kept = processes_[process.pid];
  kept = std::move(process);
  if (!kept.held) {
    link_ready(kept.link);
  }
}

void LiveRun::link_ready(Link link) {
  if (link == Link::test && !first_test_at_) {
    first_test_at_ = recorder_.now();
    loop_.after(looks_.before(plan_.scenario.workload.deadline),
                [this] { on_deadline(); });
  }
  looks_.started(link);
  if (link == Link::service) {
    service_->started(first_pid_, has_own_network(link));
  }
  triggers_->link_started(link);
  for (FaultId fault : std::exchange(waiting_to_arm_, {})) {
    if (injectors_[static_cast<std::size_t>(fault)]->ready(*this)) {
      arm(fault);
    } else {
      waiting_to_arm_.push_back(fault);
    }
  }
}

// The kernel's counter of oom kills is read some time after it rose; whom it
// killed has not ended before.
void LiveRun::link_ended(Process& process, const Ended& told) {
  process.ended = true;
  Observation ended = about(Fact::process_ended, Source::shim);
  ended.at = recorder_.since_launch(told.at_ns);
  ended.link = link_name(process.link);
  ended.pid = process.pid;
  ended.number = told.status;
  ended.text = process.program;
  WaitStatus status(told.status);
  if (status.killed() && status.signal() == SIGKILL) {
    links_.at(process.link).tools->memory().tell_kills();
    recorder_.date_kills(ended.link, ended.at);
  }
  links_.at(process.link).calls.ended(process.pid);
  if (told.listened) {
    tell_last_word(ended, told.last_word);
  }
  recorder_.add(ended);
  profiles_.ended(told, ended.at);
  spans_.ended(process.link, told);
}

void LiveRun::lose(const std::string& why) {
  recorder_.add(about(Fact::supervision_lost, Source::seccomp, why));
}

const std::filesystem::path& LiveRun::scratch() const { return folder_.path(); }

void LiveRun::record(Observation observation) {
  recorder_.add(std::move(observation));
}

std::vector<LiveProcess> LiveRun::processes(Link link) const {
  std::vector<LiveProcess> alive;
  for (const auto& [pid, process] : processes_) {
    if (process.link == link && !process.ended) {
      alive.push_back({link, pid, process.pidfd.get()});
    }
  }
  return alive;
}

Result<int> LiveRun::send_signal(const std::string& to, int signal) {
  looks_.before_stop(signal);
  ServiceLife::Stop stop(service_.get(), signal);
  int reached = 0;
  if (to == "group") {
    // A zombie takes signals too: while its leader lives, the group is alive.
    const Process& leader = processes_.at(first_pid_);
    return !has_ended(leader.pidfd.get()) && signal_group(first_pid_, signal)
               ? 1
               : 0;
  }
  if (to == "tree") {
    for (int pid : survivors()) {
      auto pidfd = open_pidfd(pid);
      if (pidfd && !has_ended(pidfd->get())) {
        TRY_ASSIGN(bool sent, signal_pidfd(pidfd->get(), signal));
        reached += sent ? 1 : 0;
      }
    }
    return reached;
  }
  return signal_processes(processes(*link_named(to)), signal, stop.frozen());
}

void LiveRun::select_calls(FaultId fault, bool select) {
  for (auto& [link, state] : links_) {
    state.calls.select(fault, select);
  }
}

void LiveRun::after(std::chrono::nanoseconds delay,
                    std::function<void()> then) {
  loop_.after(delay, std::move(then));
}

void LiveRun::use_exec_program(const std::filesystem::path& program) {
  exec_program_ = program.string();
}

std::string LiveRun::witness_line() const {
  return shell_quote(session_.shim().string()) + " witness " +
         shell_quote((scratch() / "door").string()) + " \"$@\"";
}

std::string LiveRun::announce_line(FaultId fault) const {
  return shell_quote(session_.shim().string()) + " announce " +
         shell_quote((scratch() / "door").string()) + " " +
         std::to_string(fault);
}

}  // namespace faultrig
