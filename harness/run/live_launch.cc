// How a run starts things: the first link through the shim server, the test
// binaries of a chain through the witnesses that `go` starts.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/go_words.h"
#include "harness/os/machine.h"
#include "harness/os/shim_processes.h"
#include "harness/run/live_run.h"

namespace faultrig {

namespace {

void read_all(const Fd& pipe, Capture& into, bool& open) {
  char buffer[65536];
  // Bounded, so that a flood on one stream starves nobody else.
  for (int turns = 0; turns < 16; ++turns) {
    ssize_t got = read(pipe.get(), buffer, sizeof buffer);
    if (got > 0) {
      into.add({buffer, static_cast<std::size_t>(got)});
      continue;
    }
    open = got < 0 && (errno == EAGAIN || errno == EINTR);
    return;
  }
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
  return steps;
}

Result<> LiveRun::open_door() {
  TRY_ASSIGN(door_,
             WitnessDoor::open(loop_, scratch() / "door", door_events()));
  return Ok{};
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
  LaunchOrder order{first.argv, first.env, {}, "", holds(first.link)};
  restore_ = first.restore;
  session_.go_leftovers().begin(first.go_place);
  std::vector<int> fds{out.write.get(), err.write.get()};
  order.steps = steps_for(first.link, 2, fds);
  if (!first.folder.empty()) {
    order.steps.push_back(EnterFolder{first.folder});
  }
  const LinkState& state = links_.at(first.link);
  if (state.filter) {
    order.steps.push_back(*state.filter);
  }
  for (std::size_t i = 0; i < plan_.scenario.faults.size(); ++i) {
    Observation installed;
    installed.fact = Fact::fault_installed;
    installed.fault = static_cast<FaultId>(i);
    installed.text = plan_.scenario.faults[i].injector;
    recorder_.add(installed);
  }
  recorder_.launch();
  Observation started;
  started.fact = Fact::run_started;
  started.text = shell_line(first.argv);
  recorder_.add(started);
  TRY_ASSIGN(StartedProcess process, session_.launcher().launch(order, fds));
  first_pid_ = process.pid;
  listen_to(std::move(out.read), out_pipe_, out_);
  listen_to(std::move(err.read), err_pipe_, err_);
  std::string program =
      std::filesystem::path(first.argv[0]).filename().string();
  link_started(
      {first.link, process.pid, std::move(process.pidfd), program, order.hold},
      std::move(process.listener), process.exec_ns);
  return Ok{};
}

void LiveRun::listen_to(Fd pipe, Fd& kept, Capture& into) {
  fcntl(pipe.get(), F_SETPIPE_SZ, 1 << 20);  // fewer wake-ups; may be refused
  kept = std::move(pipe);
  loop_.watch(kept.get(), POLLIN, [this, &kept, &into](short) {
    bool open = true;
    read_all(kept, into, open);
    if (!open) {
      loop_.unwatch(kept.get());
      kept.reset();
    }
  });
}

WitnessOrders LiveRun::orders_for(int visitor, const Hello& hello) {
  WitnessOrders out;
  visiting_programs_[visitor] =
      std::filesystem::path(hello.program).filename().string();
  witness_pids_.push_back(hello.pid);
  out.order.restore = restore_;
  out.order.steps = steps_for(Link::test, 0, out.fds);
  out.order.hold = holds(Link::test);
  if (out.order.hold) {
    held_visitors_.insert(visitor);
  }
  for (int join : witness_group_.join_fds()) {
    out.order.witness_slots.push_back(static_cast<int>(out.fds.size()));
    out.fds.push_back(join);
  }
  const LinkState& state = links_.at(Link::test);
  if (state.filter) {
    out.order.steps.push_back(*state.filter);
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

// The test binary dies with its witness (PR_SET_PDEATHSIG): how it would have
// ended will never be known.
void LiveRun::lose_witness(int visitor) {
  auto process = processes_.find(visitors_[visitor]);
  if (process != processes_.end()) {
    process->second.ended = true;
  }
  const std::string& program = visiting_programs_[visitor];
  forged("the witness of " + (program.empty() ? "a test" : program) +
         " fell silent before it had told all: it was killed, or is not "
         "believed");
}

DoorEvents LiveRun::door_events() {
  DoorEvents events;
  events.refuse = [this](int visitor, const Peer& peer) {
    std::string why = why_no_witness(peer);
    if (why.empty()) {
      witnesses_[visitor] = peer.pid;
    }
    return why;
  };
  events.forged = [this](const std::string& what) { forged(what); };
  events.hello = [this](int visitor, const Hello& hello) {
    return orders_for(visitor, hello);
  };
  events.started = [this](int visitor, const Started& started, Fd pidfd,
                          Fd listener) {
    look_for_tracer(visitor);
    visitors_[visitor] = started.pid;
    link_started(
        {Link::test, started.pid, std::move(pidfd), visiting_programs_[visitor],
         held_visitors_.contains(visitor)},
        std::move(listener), started.exec_ns);
  };
  events.held = [this](int visitor) {
    bool asked = held_visitors_.erase(visitor) > 0;
    if (asked) {
      link_ready(Link::test);
    }
    return asked;
  };
  events.failed = [this](int visitor, const LaunchFailed& failed) {
    Observation never;
    never.source = Source::shim;
    never.fact = Fact::never_started;
    never.link = link_name(Link::test);
    never.error = failed.os_errno;
    never.text = failed.step + " " + visiting_programs_[visitor] + ": " +
                 errno_name(failed.os_errno);
    recorder_.add(never);
  };
  events.ended = [this](int visitor, const Ended& ended) {
    look_for_tracer(visitor);
    auto process = processes_.find(visitors_[visitor]);
    if (ended.stays > 0) {
      witness_pids_.push_back(ended.stays);
    }
    if (process != processes_.end() && !process->second.ended) {
      link_ended(process->second, ended);
    }
  };
  events.announced = [this](const Announce& announced) {
    take_announcement(announced);
  };
  events.gone = [this](int visitor, bool told_all) {
    witnesses_.erase(visitor);
    if (!told_all) {
      lose_witness(visitor);
    }
  };
  return events;
}

void LiveRun::supervise(const Process& process, Fd listener) {
  LinkState& state = links_.at(process.link);
  Supervisor::Setup setup{process.link, std::move(listener), "", {}, 0};
  if (state.filter && state.filter->stops_exec) {
    setup.own_exec_of = process.pid;
  }
  if (process.link == Link::go) {
    setup.untouched = session_.shim().string();
    setup.spared = [this](int pid) {
      return std::find(witness_pids_.begin(), witness_pids_.end(), pid) !=
             witness_pids_.end();
    };
  }
  SupervisorEvents events;
  events.record = [this](Observation seen) { recorder_.add(std::move(seen)); };
  events.now = [this] { return recorder_.now(); };
  events.trigger = [this](FaultId fault) {
    triggers_->call_seen(fault, "the call it waits for");
  };
  events.lost = [this](const std::string& why) { lose(why); };
  supervisors_.push_back(std::make_unique<Supervisor>(
      loop_, *state.rules, std::move(setup), std::move(events)));
}

}  // namespace faultrig
