#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "harness/model/schema.h"

namespace faultrig {

// JSON Schema (draft-07) of what a field of that kind may be; without its
// summary, and with references to value_definitions().
nlohmann::ordered_json value_schema(const Field& field);

// The `definitions` that those refer to.
nlohmann::ordered_json value_definitions();

// `{"$ref": ...}` to one of the definitions.
nlohmann::ordered_json reference_to(const std::string& definition);

nlohmann::ordered_json list_of(nlohmann::ordered_json element);

// One, or a list of some.
nlohmann::ordered_json one_or_list(nlohmann::ordered_json element);

// A map with these keys and no others.
nlohmann::ordered_json closed_map(nlohmann::ordered_json properties);

}  // namespace faultrig
