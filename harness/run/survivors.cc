#include "harness/run/survivors.h"

#include <unistd.h>

#include <csignal>
#include <set>

#include "harness/os/shim_cleanup.h"
#include "harness/os/shim_processes.h"

namespace faultrig {

namespace {

// What SIGKILL reaches is given this long before it gets another.
constexpr int kDyingMilliseconds = 250;

}  // namespace

int Survivors::root() const {
  return session_.healthy() ? session_.launcher().shim_pid() : getpid();
}

std::vector<int> Survivors::family() const { return descendants_of(root()); }

std::vector<int> Survivors::pids() const {
  std::vector<int> members = links_.members();
  std::set<int> alive(members.begin(), members.end());
  // Whatever left its cgroup is still a child of the shim, or of such a child.
  if (has_children(root())) {
    for (int pid : family()) {
      alive.insert(pid);
    }
  }
  for (int witness : door_.pids()) {
    alive.erase(witness);
  }
  for (int spared : needs_.pids()) {
    alive.erase(spared);
  }
  return {alive.begin(), alive.end()};
}

void Survivors::kill() const {
  links_.kill();
  if (needs_.any()) {
    kill_one_by_one();
  } else if (has_children(root())) {
    kill_descendants(root(), 5000);
  }
}

// All but what the service needs, which ends after it.
void Survivors::kill_one_by_one() const {
  constexpr int kMostTries = 20;
  std::vector<int> alive = pids();
  for (int tries = 0; !alive.empty() && tries < kMostTries; ++tries) {
    await_all(signal_all(alive, SIGKILL), kDyingMilliseconds);
    alive = pids();
  }
}

// A setuid program runs as somebody whom we may not signal.
void Survivors::tell_immortals(Recorder& recorder) const {
  for (int pid : pids()) {
    recorder.lose("process " + std::to_string(pid) + " (" + command_of(pid) +
                  ") cannot be killed and lives on");
  }
}

}  // namespace faultrig
