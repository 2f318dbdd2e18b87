#pragma once

#include <string>

#include "harness/model/floors.h"

namespace faultrig {

// Floors for people: a table, below it what happens one step lower, and
// whether the guard holds. What a program printed is escaped.
std::string floors_text(const FloorMap& map);
// For programs: `{"of", "floors": [{"limit", "floor", "unit", "below",
// "outcome", "because", "flaky", ...}], ...}`, indented, UTF-8.
std::string floors_json(const FloorMap& map);

}  // namespace faultrig
