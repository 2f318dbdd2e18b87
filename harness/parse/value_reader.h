#pragma once

#include <optional>

#include "harness/model/schema.h"
#include "harness/model/values.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// The value of one field, of the type that its Kind says. Nothing when it is
// not one; then there is a complaint, unless the node was bad already.
std::optional<Value> read_value(const Field& field, const YamlNode& node,
                                Complaints& complaints);

// The value of Field::fallback, which must be one.
Value fallback_value(const Field& field);

// Is this map a form of Kind::count, such as {at_least: 3}?
bool is_count_map(const YamlNode& node);

}  // namespace faultrig
