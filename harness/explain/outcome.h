#pragma once

#include <string>

#include "harness/model/cause.h"
#include "harness/model/explanation.h"

namespace faultrig {

// What the explanation made of it: `right`, `1 of 5` (a general cause that may
// be this one), `none`, `wrong: <ids>`.
std::string outcome(const Cause& cause, const Explained& explained);

}  // namespace faultrig
