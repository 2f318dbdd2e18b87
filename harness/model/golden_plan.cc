// What proves a fault is that without it the run ends well. So nothing may
// differ but the fault: a filter slows calls, refuses some, and may cost an
// ordinary user the right to gain privileges (no_new_privs), as being held at
// its exec does.
#include "harness/model/golden_plan.h"

#include <utility>

#include "harness/base/text.h"

namespace faultrig {

namespace {

// What remains of a rule when its fault is taken away: the call is stopped,
// looked at and let run. A rule of the kernel's leaves the filter alone.
CallRule watching(CallRule rule) {
  rule.fault = kNoFault;
  rule.action = CallAction::observe;
  rule.number = 0;
  rule.role = CallRole::acts;
  rule.most = 0;
  return rule;
}

}  // namespace

Plan without_faults(const Plan& plan) {
  Plan golden = plan;
  golden.scenario.faults.clear();
  golden.scenario.expect.clear();
  golden.launch.interpreter.reset();
  golden.launch.watch = {};
  golden.launch.recoveries.clear();
  for (auto& [link, setup] : golden.launch.links) {
    setup.memory.reset();
    for (CountedCap& cap : setup.caps) {
      cap.max.reset();
    }
    setup.fds.reset();
    setup.dependencies.clear();
    setup.names.clear();
    for (ClockShift& shift : setup.clock) {
      shift = {};
    }
    if (setup.disk) {
      OwnDisk roomy;
      roomy.path = setup.disk->path;
      roomy.counts_inodes = setup.disk->counts_inodes;
      setup.disk = roomy;
    }
    if (setup.crash) {
      setup.crash->fault = kNoFault;
    }
    if (setup.network && setup.network->is_cut_off()) {
      setup.network.reset();
    } else if (setup.network) {
      setup.network = OwnNet{};
    }
    for (CallRule& rule : setup.rules) {
      rule = watching(std::move(rule));
    }
  }
  return golden;
}

std::string golden_key(const Plan& plan) {
  std::string key = plan.scenario.workload.key();
  for (bool part : {plan.wants_test_events, plan.private_go_cache,
                    plan.launch.stops_service}) {
    key += part ? "+" : "-";
  }
  key += std::to_string(static_cast<int>(plan.wrapper));
  key += plan.scenario.observe.key();
  for (const auto& [link, setup] : without_faults(plan).launch.links) {
    key += std::string(";") + std::string(link_name(link));
    key += setup.held_for.empty() ? "" : "+held";
    key += setup.clock.empty() ? "" : "+clock";
    key += !setup.disk                 ? ""
           : setup.disk->counts_inodes ? "+disk of files " + setup.disk->path
                                       : "+disk " + setup.disk->path;
    key += setup.crash
               ? "+crash " + setup.crash->image + " " + setup.crash->path
               : "";
    key += setup.network ? "+network" : "";
    for (const CountedCap& cap : setup.caps) {
      key += "+" + std::string(controller_name(cap.controller));
    }
    for (const CallRule& rule : setup.rules) {
      key += "|" + std::string(rule.in_kernel ? "kernel" : rule.selects());
      key += rule.in_kernel ? "" : join(rule.calls, ",");
      key += rule.test == CallTest::names_peer  ? "~"
             : rule.test == CallTest::no_urging ? "^"
                                                : "";
      key += rule.moment == CallMoment::listening ? "!"
             : rule.watches_fd_limit()            ? "?"
                                                  : "";
    }
  }
  return key;
}

}  // namespace faultrig
