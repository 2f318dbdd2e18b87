#pragma once

#include <string_view>

#include "harness/judge/expectation.h"
#include "harness/judge/finding.h"

namespace faultrig {

// The fields of an expectation of how a link ended.
Section link_section(std::string_view name, std::string_view summary);

// Whether every process of this link ended as the fields of link_section() ask.
Finding check_link(Link link, const Params& params, const Evidence& evidence);

}  // namespace faultrig
