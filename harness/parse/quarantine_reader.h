#pragma once

#include <string_view>

#include "harness/model/quarantined.h"
#include "harness/parse/row_list.h"

namespace faultrig {

using ReadQuarantine = ReadRows<Quarantined>;

// A map with `quarantine`, a list of {scenario, until, because}. Takes any
// bytes; never throws.
ReadQuarantine read_quarantine(std::string_view text);

}  // namespace faultrig
