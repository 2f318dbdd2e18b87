#pragma once

#include <string>

#include "harness/model/schema.h"

namespace faultrig {

// The JSON Schema (draft-07) of a scenario, indented, with an end of line: it
// takes what read_scenario() takes, as far as a schema can say.
std::string scenario_schema(const Language& language);

}  // namespace faultrig
