#pragma once

#include "harness/judge/expectation.h"

namespace faultrig {

#define EXPECTATION(name) const ExpectationType& name##_expectation();
#include "harness/judge/expectations.def"
#undef EXPECTATION

}  // namespace faultrig
