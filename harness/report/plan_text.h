#pragma once

#include <string>

#include "harness/model/plan.h"

namespace faultrig {

// What a run of this plan would do, step by step: the command line, what each
// link of the chain is started with, the faults and their triggers, what is
// asked of the evidence, and what the machine must have. Values of the
// environment are not shown.
std::string plan_text(const Plan& plan);

}  // namespace faultrig
