#include "harness/run/injector_reach.h"

#include <utility>

#include "harness/os/shim_processes.h"
#include "harness/run/signalling.h"

namespace faultrig {

InjectorReach::InjectorReach(Tools tools, ReachEvents events)
    : tools_(tools), events_(std::move(events)) {}

const std::filesystem::path& InjectorReach::scratch() const {
  return tools_.scratch;
}

std::chrono::nanoseconds InjectorReach::now() const {
  return tools_.recorder.now();
}

void InjectorReach::record(Observation observation) {
  tools_.recorder.add(std::move(observation));
}

std::vector<LiveProcess> InjectorReach::processes(Link link) const {
  return tools_.processes.of(link);
}

// A zombie takes signals too: while its leader lives, the group is alive.
int InjectorReach::signal_group_of_first(int signal) const {
  bool lives = !tools_.processes.first_is_dead();
  return lives && signal_group(tools_.processes.first_pid(), signal) ? 1 : 0;
}

Result<int> InjectorReach::signal_tree(int signal) const {
  int reached = 0;
  for (int pid : events_.survivors()) {
    auto pidfd = open_pidfd(pid);
    if (pidfd && !has_ended(pidfd->get())) {
      TRY_ASSIGN(bool sent, signal_pidfd(pidfd->get(), signal));
      reached += sent ? 1 : 0;
    }
  }
  return reached;
}

bool InjectorReach::has_child(const std::string& program) const {
  return events_.children().has(program);
}

Result<int> InjectorReach::send_signal(const std::string& to, int signal) {
  if (to.starts_with(kChildPrefix)) {
    return events_.children().send_signal(to.substr(kChildPrefix.size()),
                                          signal);
  }
  events_.before_signal(signal);
  ServiceLife::Stop stop(events_.service(), signal);
  if (to == "group") {
    return signal_group_of_first(signal);
  }
  if (to == "tree") {
    return signal_tree(signal);
  }
  return signal_processes(processes(*link_named(to)), signal, stop.frozen());
}

GroupTools& InjectorReach::group(Link link) {
  return tools_.links.at(link).tools();
}

void InjectorReach::tell_release(FaultId fault, const std::string& why) {
  events_.released(fault, why);
}

void InjectorReach::select_calls(FaultId fault, bool select) {
  tools_.links.select(fault, select);
}

void InjectorReach::expect_stop(const ServiceStop& stop) {
  events_.service()->expect_stop(stop);
}

void InjectorReach::after(std::chrono::nanoseconds delay,
                          std::function<void()> then) {
  tools_.loop.after(delay, std::move(then));
}

void InjectorReach::use_exec_program(const std::filesystem::path& program) {
  tools_.door.use_exec_program(program);
}

std::string InjectorReach::witness_line() const {
  return tools_.door.witness_line();
}

std::string InjectorReach::announce_line(FaultId fault) const {
  return tools_.door.announce_line(fault);
}

}  // namespace faultrig
