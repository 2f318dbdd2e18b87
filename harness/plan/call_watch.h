#pragma once

#include <string>
#include <vector>

#include "harness/model/plan.h"

namespace faultrig {

// Rules that observe what the `calls` expectations of a plan ask after, so that
// every such call is seen whatever its faults select; and what cannot be
// watched.
struct CallWatch {
  struct Trouble {
    Place place;
    std::string what;
  };
  std::vector<CallRule> rules;  // for the workload's main link
  std::vector<Trouble> troubles;
};

CallWatch watch_calls(const Plan& plan);

// Observes what tells a service that sent itself the signal from one that never
// handled it: calls_of_own_hand().
CallRule watch_of_own_hand();

}  // namespace faultrig
