#pragma once

#include <nlohmann/json.hpp>

#include "harness/model/verdict.h"

namespace faultrig {

// One of the `scenarios` of a report for programs.
nlohmann::ordered_json judgement_json(const Judgement& judgement);
// Throws what nlohmann-json does if it is none.
Judgement judgement_from(const nlohmann::ordered_json& json);

// `totals` of a report for programs.
nlohmann::ordered_json totals_json(const Totals& totals);

}  // namespace faultrig
