#pragma once

#include <nlohmann/json.hpp>

#include "harness/model/run_details.h"

namespace faultrig {

// The details of a run as data, and back; a row is a list, since there are
// many: index, nanoseconds, fact, link, pid, text; and so is a span.
nlohmann::ordered_json details_json(const RunDetails& details);

// Throws as nlohmann does where something is missing or of another type.
RunDetails details_from(const nlohmann::ordered_json& json);

}  // namespace faultrig
