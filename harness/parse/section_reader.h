#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "harness/model/schema.h"
#include "harness/model/values.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

// The values of a map as `section` describes it, with its defaults; what was
// wrong is complained about and left out. `others`: keys of this map that the
// caller reads.
Params read_section(const Section& section, const YamlNode& node,
                    Complaints& complaints,
                    const std::vector<std::string_view>& others = {});

// Where to complain about what is missing in a node: at its key, if any.
Spot name_spot(const YamlNode& node);

}  // namespace faultrig
