#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "harness/model/evidence.h"

namespace faultrig {

// What shows that a service had to do without one that it needs.
struct LackedNeed {
  std::size_t cite = 0;  // index into the trace
  std::string why;       // `db exited 1, while it was needed; its last output:
                         // ...`, one line
};

// The first need that never got ready, never started, or ended of its own
// accord before the service had ended, for good where it has a second life.
// Nothing: it had all that it needs.
std::optional<LackedNeed> lacked_need(const Evidence& evidence);

}  // namespace faultrig
