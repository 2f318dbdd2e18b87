#pragma once

#include <string_view>

#include "harness/model/site_sweep.h"
#include "harness/parse/row_list.h"

namespace faultrig {

// One of them: a map of {site, call, outcome, because}.
AllowedFinding read_allowed(const YamlNode& node, Complaints& complaints);

using ReadBaseline = ReadRows<AllowedFinding>;

// The findings of a sweep that are known: a map with `allow`, a list of {site,
// call, outcome, because}. Takes any bytes; never throws.
ReadBaseline read_baseline(std::string_view text);

}  // namespace faultrig
