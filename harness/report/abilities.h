#pragma once

#include <string>

#include "harness/model/ability.h"

namespace faultrig {

// A table of 80 columns: each ability, yes or no, why, how to get it.
std::string abilities_text(const Machine& machine);

// The same for programs: `{"faultrig": version, "kernel": ..., "root": ...,
// "abilities": [{"name", "there", "why", "get", "since"}]}`, indented, with a
// newline at the end; `get` only where there is something to get, `since`, the
// first kernel that has it, where not every one has.
std::string abilities_json(const Machine& machine);

}  // namespace faultrig
