#pragma once

#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Where the goroutines of what hung stood, those first that wait for each
// other, those last that belong to Go itself. Of many only some.
std::vector<JudgedHang> hanging_goroutines(const Evidence& evidence);

}  // namespace faultrig
