// A run whose workload is a service: what only that has, and what it needs of
// the run.
#include <csignal>

#include "harness/os/cgroup_member.h"
#include "harness/run/goroutine_facts.h"
#include "harness/run/live_run.h"
#include "harness/run/service_folder.h"
#include "harness/run/signalling.h"

namespace faultrig {

ServiceLife::Tools LiveRun::service_tools(std::vector<SoughtWrite> seek) {
  return {
      loop_,
      recorder_,
      *triggers_,
      recoveries_,
      links_.at(Link::service).group,
      [this] { return service_pids(); },
      [this](int signal) {
        looks_.before_stop(signal);
        Result<int> sent = signal_processes(processes(Link::service), signal);
        return sent && *sent > 0;
      },
      [this](const std::string& why) {
        tell_goroutines(recorder_, session_.learnt().programs,
                        processes(Link::service), why);
        end_by_force(why);
      },
      [this] { looks_.came(LookMoment::ready); },
      plan_.launch.watch,
      [this] {
        return keeps_all(plan_.scenario.workload) ? session_.learnt().tmp.path()
                                                  : std::filesystem::path();
      },
      std::move(seek),
      session_.options().patience};
}

void LiveRun::expect_stop(const ServiceStop& stop) {
  service_->expect_stop(stop);
}

std::vector<int> LiveRun::service_pids() const {
  return processes_of(links_.at(Link::service).group, first_pid_);
}

// Only who may make one has it: an ordinary user shares the machine's.
bool LiveRun::has_own_network(Link link) const {
  const auto& service = plan_.scenario.workload.service;
  bool wanted = link == Link::service && service &&
                (service->own_network || links_.at(link).calls.network);
  return wanted && !session_.why_not(kNeedsNetworks);
}

void LiveRun::look_around() {
  triggers_->look_at_effects(
      [this](FaultId fault) { return recorder_.effects_of(fault); });
  if (!first_ended_) {
    looks_.turn();
  }
  if (service_ && !first_ended_) {
    service_->look();
  }
}

}  // namespace faultrig
