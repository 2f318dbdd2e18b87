// What a run has its witnesses do, and makes of what they tell.
#include "harness/run/test_door.h"

#include <algorithm>
#include <utility>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/model/go_words.h"

namespace faultrig {

TestDoor::TestDoor(std::filesystem::path shim, Tools tools, DoorNews news)
    : shim_(std::move(shim)), tools_(tools), news_(std::move(news)) {}

Result<> TestDoor::open(const std::filesystem::path& scratch) {
  door_ = scratch / "door";
  TRY_ASSIGN(witnesses_, Witnesses::open(tools_.loop, door_, shim_, events()));
  return Ok{};
}

std::vector<std::string> TestDoor::exec_words() const {
  if (!exec_program_.empty()) {
    return {exec_program_};
  }
  return witness_words(*tools_.plan.scenario.workload.go_test, shim_.string(),
                       door_.string());
}

void TestDoor::use_exec_program(const std::filesystem::path& program) {
  exec_program_ = program.string();
}

std::string TestDoor::witness_line() const {
  return shell_quote(shim_.string()) + " witness " +
         shell_quote(door_.string()) + " \"$@\"";
}

std::string TestDoor::announce_line(FaultId fault) const {
  return shell_quote(shim_.string()) + " announce " +
         shell_quote(door_.string()) + " " + std::to_string(fault);
}

const std::vector<int>& TestDoor::pids() const {
  static const std::vector<int> kNone;
  return witnesses_ ? witnesses_->pids() : kNone;
}

bool TestDoor::is_witness(int pid) const {
  return std::find(pids().begin(), pids().end(), pid) != pids().end();
}

void TestDoor::last_look() {
  if (witnesses_) {
    witnesses_->look_at_door();
  }
}

WitnessEvents TestDoor::events() {
  RunProcesses& processes = tools_.processes;
  WitnessEvents events;
  events.go = [&processes] {
    const RunProcess& go = processes.first();
    return LiveGo{go.pid, go.pidfd.get()};
  };
  events.root = news_.root;
  events.is_live_test = [&processes](int pid) {
    const RunProcess* process = processes.find(pid);
    return process != nullptr && !process->ended && process->link == Link::test;
  };
  events.orders = [this](const Hello& hello) { return orders(hello); };
  events.started = [this](WitnessedStart start) {
    news_.started({Link::test, start.pid, std::move(start.pidfd),
                   std::move(start.program), start.held, false, start.witness},
                  std::move(start.fds), start.exec_ns);
  };
  events.held = news_.ready;
  events.failed = [this](const std::string& program,
                         const LaunchFailed& failed) {
    take_failure(program, failed);
  };
  events.ended = [this](int pid, const Ended& ended) {
    RunProcess* process = tools_.processes.find(pid);
    if (process != nullptr && !process->ended) {
      news_.ended(*process, ended);
    }
  };
  events.lost = [&processes](int pid) {
    if (RunProcess* process = processes.find(pid)) {
      process->ended = true;
    }
  };
  events.announced = [this](const Announce& announced) {
    take_announcement(announced);
  };
  events.doubt = [&recorder = tools_.recorder](const std::string& why) {
    recorder.lose(why);
  };
  return events;
}

WitnessOrders TestDoor::orders(const Hello& hello) {
  const RunLink& test = tools_.links.at(Link::test);
  WitnessOrders out;
  out.order.words = news_.flags(hello.pid);
  out.order.restore = restore_;
  test.add_steps(out.order.steps, out.fds);
  out.order.hold = news_.holds();
  for (int join : tools_.links.witness_joins()) {
    out.order.witness_slots.push_back(static_cast<int>(out.fds.size()));
    out.fds.push_back(join);
  }
  test.add_filter(out.order.steps);
  return out;
}

void TestDoor::take_failure(const std::string& program,
                            const LaunchFailed& failed) {
  Observation never;
  never.source = Source::shim;
  never.fact = Fact::never_started;
  never.link = link_name(Link::test);
  never.error = failed.os_errno;
  never.text = failed.step + " " + program + ": " + errno_name(failed.os_errno);
  tools_.recorder.add(never);
}

void TestDoor::take_announcement(const Announce& announced) {
  const auto& broken = tools_.plan.launch.interpreter;
  if (!broken || announced.fault != broken->fault) {
    return;
  }
  Observation proof;
  proof.source = Source::shim;
  proof.fact = Fact::fault_activated;
  proof.fault = broken->fault;
  proof.pid = announced.pid;
  proof.text = "go started the broken -exec program";
  tools_.recorder.add(proof);
}

}  // namespace faultrig
