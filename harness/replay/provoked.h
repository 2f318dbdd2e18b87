#pragma once

#include <string>
#include <vector>

#include "harness/model/explanation.h"
#include "harness/model/replayed.h"

namespace faultrig {

// A limit of memory that the kernel told of in a log.
struct ToldLimit {
  std::string size;  // `65536KiB`; empty: none was told
  ReplayLine where;
};

// What the causes of a failure are provoked by, where an injector can.
std::vector<ReplayCandidate> provoked_by(const Explanation& known,
                                         const ToldLimit& limit);

}  // namespace faultrig
