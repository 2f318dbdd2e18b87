// What a run has its witnesses do, and makes of what they tell.
#include <utility>

#include "harness/base/names.h"
#include "harness/run/live_run.h"

namespace faultrig {

Result<> LiveRun::open_door() {
  TRY_ASSIGN(witnesses_, Witnesses::open(loop_, scratch() / "door",
                                         session_.shim(), witness_events()));
  return Ok{};
}

WitnessEvents LiveRun::witness_events() {
  WitnessEvents events;
  events.go = [this] {
    const Process& go = processes_.at(first_pid_);
    return LiveGo{go.pid, go.pidfd.get()};
  };
  events.root = [this] { return root(); };
  events.is_live_test = [this](int pid) {
    auto process = processes_.find(pid);
    return process != processes_.end() && !process->second.ended &&
           process->second.link == Link::test;
  };
  events.orders = [this](const Hello& hello) { return witness_orders(hello); };
  events.started = [this](WitnessedStart start) {
    link_started({Link::test, start.pid, std::move(start.pidfd),
                  std::move(start.program), start.held, false, start.witness},
                 std::move(start.fds), start.exec_ns);
  };
  events.held = [this] { link_ready(Link::test); };
  events.failed = [this](const std::string& program,
                         const LaunchFailed& failed) {
    Observation never;
    never.source = Source::shim;
    never.fact = Fact::never_started;
    never.link = link_name(Link::test);
    never.error = failed.os_errno;
    never.text =
        failed.step + " " + program + ": " + errno_name(failed.os_errno);
    recorder_.add(never);
  };
  events.ended = [this](int pid, const Ended& ended) {
    auto process = processes_.find(pid);
    if (process != processes_.end() && !process->second.ended) {
      link_ended(process->second, ended);
    }
  };
  events.lost = [this](int pid) {
    auto process = processes_.find(pid);
    if (process != processes_.end()) {
      process->second.ended = true;
    }
  };
  events.announced = [this](const Announce& announced) {
    take_announcement(announced);
  };
  events.doubt = [this](const std::string& why) { lose(why); };
  return events;
}

WitnessOrders LiveRun::witness_orders(const Hello& hello) {
  WitnessOrders out;
  out.order.words = profiles_.flags(hello.pid);
  out.order.restore = restore_;
  out.order.steps = steps_for(Link::test, 0, out.fds);
  out.order.hold = holds(Link::test);
  for (int join : witness_group_.join_fds()) {
    out.order.witness_slots.push_back(static_cast<int>(out.fds.size()));
    out.fds.push_back(join);
  }
  const LinkState& state = links_.at(Link::test);
  if (state.calls.filter) {
    out.order.steps.push_back(*state.calls.filter);
  }
  return out;
}

// Before the end itself, in whose light it is read.
void LiveRun::tell_last_word(const Observation& ended,
                             const std::string& said) {
  Observation word;
  word.at = ended.at;
  word.source = Source::output;
  word.fact = Fact::last_word;
  word.link = ended.link;
  word.pid = ended.pid;
  word.text = said;
  recorder_.add(word);
}

void LiveRun::take_announcement(const Announce& announced) {
  const auto& broken = plan_.launch.interpreter;
  if (!broken || announced.fault != broken->fault) {
    return;
  }
  Observation proof;
  proof.source = Source::shim;
  proof.fact = Fact::fault_activated;
  proof.fault = broken->fault;
  proof.pid = announced.pid;
  proof.text = "go started the broken -exec program";
  recorder_.add(proof);
}

}  // namespace faultrig
