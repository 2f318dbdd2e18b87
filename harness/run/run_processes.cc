#include "harness/run/run_processes.h"

#include <algorithm>
#include <utility>

#include "harness/os/shim_processes.h"

namespace faultrig {

// A pid that comes again is another process's.
RunProcess& RunProcesses::add(RunProcess process) {
  RunProcess& kept = processes_[process.pid];
  kept = std::move(process);
  return kept;
}

RunProcess* RunProcesses::find(int pid) {
  auto found = processes_.find(pid);
  return found == processes_.end() ? nullptr : &found->second;
}

std::vector<LiveProcess> RunProcesses::of(Link link) const {
  std::vector<LiveProcess> alive;
  for (const auto& [pid, process] : processes_) {
    if (process.link == link && !process.ended) {
      alive.push_back({link, pid, process.pidfd.get()});
    }
  }
  return alive;
}

bool RunProcesses::all_ended() const {
  return std::all_of(processes_.begin(), processes_.end(),
                     [](const auto& entry) { return entry.second.ended; });
}

bool RunProcesses::first_is_dead() const {
  auto first = processes_.find(first_pid_);
  return first != processes_.end() && has_ended(first->second.pidfd.get());
}

}  // namespace faultrig
