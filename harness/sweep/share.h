#pragma once

#include "harness/model/shutdown_map.h"

namespace faultrig {

// k of n, with the interval of Wilson's score at 95 %: for few tries, and at 0
// and n, it is neither empty nor beyond 0 to 1. Of no try: anything.
Share share_of(int k, int n);

}  // namespace faultrig
