#include "harness/plan/sweep_checks.h"

#include <string>

#include "harness/model/scenario_sweep.h"

namespace faultrig {

namespace {

bool asks_of_all(const Expectation& expected) {
  return expected.type == "sweep";
}

bool is_static(const Fault& fault) {
  return fault.params.get_or("static", false);
}

// A limit that stands already cannot be lowered.
void check_limits(const Scenario& scenario, std::vector<PlanTrouble>& out) {
  for (const Limit* limit : scenario.sweep->limits()) {
    for (const Fault& fault : scenario.faults) {
      if (fault.injector == limit->name) {
        out.push_back({fault.place, "the sweep looks for the least '" +
                                        std::string(limit->name) + "' itself"});
      }
    }
  }
}

}  // namespace

std::vector<PlanTrouble> sweep_troubles(const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  if (!scenario.sweep) {
    for (const Expectation& expected : scenario.expect) {
      if (asks_of_all(expected)) {
        out.push_back({expected.place, "there is no 'sweep' to ask this of"});
      }
    }
    return out;
  }
  for (const Fault& fault : scenario.faults) {
    if (is_static(fault)) {
      out.push_back({fault.place,
                     "static: true must be the only fault: not beside "
                     "'sweep'"});
    }
  }
  check_limits(scenario, out);
  return out;
}

std::vector<const char*> needs_of_sweep(const Scenario& scenario) {
  return scenario.sweep && scenario.sweep->over != ScenarioSweep::Over::limits
             ? std::vector<const char*>{kNeedsNotify}
             : std::vector<const char*>();
}

}  // namespace faultrig
