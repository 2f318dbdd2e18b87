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
  return out;
}

std::vector<const char*> needs_of_sweep(const Scenario& scenario) {
  return scenario.sweep ? std::vector<const char*>{kNeedsNotify}
                        : std::vector<const char*>();
}

}  // namespace faultrig
