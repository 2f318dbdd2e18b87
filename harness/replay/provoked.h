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
// `running`: the test that began last before it; empty: none is known.
std::vector<ReplayCandidate> provoked_by(const Explanation& known,
                                         const ToldLimit& limit,
                                         const std::string& running);

// Did such a cause end it, and no error? Then `failure` is told how, where the
// log does not: Go's runtime exits 2 on SIGQUIT, the other signals kill.
bool tells_end(const Explanation& known, ReplayFailure& failure);

}  // namespace faultrig
