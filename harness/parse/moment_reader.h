#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// A trigger as `when` of a fault has it, on one line, for a fault that is
// written: `start`, `{after: 200ms}`. Complains where it is none.
std::string read_moment(const YamlNode& node, Complaints& complaints);

// The same of YAML; the braces around a map may be missing: `after: 200ms`.
// Usage: what is wrong with it, on one line. Takes any bytes; never throws.
Result<std::string> read_moment(std::string_view yaml);

}  // namespace faultrig
