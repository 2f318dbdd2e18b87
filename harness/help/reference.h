#pragma once

#include <string>

#include "harness/help/help_text.h"
#include "harness/model/schema.h"

namespace faultrig {

// docs/reference.md: every key of the language, in Markdown.
std::string reference_page(const Language& language, const Proofs& proofs);

}  // namespace faultrig
