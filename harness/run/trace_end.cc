#include "harness/run/trace_end.h"

#include <chrono>
#include <utility>

namespace faultrig {

void add_at_end(std::vector<Observation>& trace,
                std::vector<Observation> facts) {
  auto at = trace.empty() ? std::chrono::nanoseconds(0) : trace.back().at;
  for (Observation& fact : facts) {
    fact.at = at;
    trace.push_back(std::move(fact));
  }
}

}  // namespace faultrig
