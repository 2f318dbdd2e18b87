#pragma once

#include <span>
#include <string_view>

#include "harness/model/evidence.h"
#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A kind of question to the evidence. An expectation is a function because it
// holds nothing.
struct ExpectationType {
  const Section* section;
  // Pure: the same evidence gives the same finding, for ever.
  Finding (*check)(const Params&, const Evidence&);
};

// The expectations of judge/expectations.def, in its order.
std::span<const ExpectationType* const> expectation_types();

// Nothing if there is no expectation of this name.
const ExpectationType* find_expectation(std::string_view name);

// The verdict on a finished run: every expectation, whether each fault took
// effect, the golden run, errors of ours. Never fails; pure.
Judgement judge(const Scenario& scenario, const Evidence& evidence);

}  // namespace faultrig
