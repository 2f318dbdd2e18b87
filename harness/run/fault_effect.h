#pragma once

#include <string>
#include <utility>

#include "harness/model/observation.h"

namespace faultrig {

// That we did to a process of the workload's what its fault says: how.
inline Observation fault_effect(FaultId fault, Link link, int pid,
                                std::string how) {
  Observation effect;
  effect.source = Source::harness;
  effect.fact = Fact::fault_activated;
  effect.fault = fault;
  effect.link = link_name(link);
  effect.pid = pid;
  effect.text = std::move(how);
  return effect;
}

}  // namespace faultrig
