#pragma once

#include <string>

#include "harness/model/schema.h"
#include "harness/report/explain.h"

namespace faultrig {

// docs/reference.md: every key of the language, in Markdown.
std::string reference_page(const Language& language, const Proofs& proofs);

}  // namespace faultrig
