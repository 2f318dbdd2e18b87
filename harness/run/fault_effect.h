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

// That something at a link could not be done or seen: what.
inline Observation link_trouble(Link link, std::string what) {
  Observation told;
  told.source = Source::harness;
  told.fact = Fact::trouble;
  told.link = link_name(link);
  told.text = std::move(what);
  return told;
}

}  // namespace faultrig
