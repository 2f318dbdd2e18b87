#pragma once

#include <filesystem>

#include "harness/model/evidence.h"
#include "harness/model/plan.h"

namespace faultrig {

// Adds what go has printed of a broken -exec program in this folder, where that
// proves the fault.
void prove_interpreter(const Plan& plan, const std::filesystem::path& scratch,
                       Evidence::Parts& parts);

}  // namespace faultrig
