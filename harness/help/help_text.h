#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/schema.h"

namespace faultrig {

// By the name of an injector: one sentence, how it is shown that its fault
// took effect.
using Proofs = std::map<std::string, std::string, std::less<>>;

// What a section is for, its keys, rules and an example: lines of at most 80
// columns, each with its end. `proof` may be empty. `list`: where its elements
// stand in a scenario (`faults`, `expect`); empty for a section of its own.
std::string help_of_section(const Section& section, std::string_view list,
                            std::string_view proof = {});

// For an injector, an expectation, `when` (or `trigger`), `workload`,
// `go_test`, `fault` and `scenario`; nothing for anything else.
std::optional<std::string> help_of(std::string_view what,
                                   const Language& language,
                                   const Proofs& proofs);

// All that help_of() knows, for suggestions.
std::vector<std::string> names_with_help(const Language& language);

}  // namespace faultrig
