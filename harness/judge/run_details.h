#pragma once

#include <cstddef>

#include "harness/model/evidence.h"
#include "harness/model/run_details.h"
#include "harness/model/scenario.h"
#include "harness/model/verdict.h"

namespace faultrig {

// What there is to show of this run; without its plan. Of a pass fewer rows
// and less output are told than of what somebody has to look into.
RunDetails details_of(const Scenario& scenario, const Evidence& evidence,
                      const Judgement& judgement);

// The spans that came, at most so many, in place of those in `out`.
void add_spans(const Evidence& evidence, std::size_t most, RunDetails& out);

}  // namespace faultrig
