// A service has a network of its own as it is, with what it needs beside it,
// and its driver enters that. So rules for packets are set there, and that
// there is no way out of it is no fault.
#include "harness/plan/network_checks.h"

namespace faultrig {

namespace {

// With a network shared with the machine a rule would have to be set there; and
// what it needs, and no rule meets, would be there too.
const char* trouble_of(bool cut_off, bool own) {
  return cut_off && own ? "a service reaches nothing but what it needs as it "
                          "is; with `network: shared` beside its command, none "
                          "is a fault"
         : !cut_off && !own
             ? "rules for packets are set in a network of its own: a service "
               "with `network: shared` has none"
             : nullptr;
}

}  // namespace

std::vector<PlanTrouble> network_troubles(const Plan& plan) {
  std::vector<PlanTrouble> out;
  const auto& service = plan.scenario.workload.service;
  auto setup = plan.launch.links.find(Link::service);
  if (!service || setup == plan.launch.links.end() || !setup->second.network) {
    return out;
  }
  const OwnNet& net = *setup->second.network;
  const char* what = trouble_of(net.is_cut_off(), service->own_network);
  if (what != nullptr) {
    FaultId fault = net.is_cut_off() ? net.cut_off : net.packets.front().fault;
    const Fault& asked = plan.scenario.faults[static_cast<std::size_t>(fault)];
    out.push_back({asked.place, what});
  }
  return out;
}

std::vector<const char*> needs_of_networks(const Plan& plan) {
  std::vector<const char*> out;
  for (const auto& [link, setup] : plan.launch.links) {
    bool entered = link == Link::service || !setup.dependencies.empty() ||
                   !setup.names.empty();
    if (setup.network && entered) {
      out.push_back("CAP_SYS_ADMIN");
    }
  }
  return out;
}

}  // namespace faultrig
