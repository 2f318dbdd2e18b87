#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace faultrig {

// Scenarios that a command writes into a folder of its user's: what others
// keep there is left alone. Not after fork.

// Makes that folder, and those above it.
Result<> make_scenario_folder(const std::string& folder);
// The file of a scenario in it.
std::string scenario_file(const std::string& folder, const std::string& name);

// Does this file hold a scenario that a map wrote for a finding? `tags`: the
// second line of each that it writes; nobody else's first two lines are these.
// A link holds none.
bool is_of_map(const std::string& file, std::string_view tags);

// Success: nothing is there yet, or the same text, or, where `tags` are given,
// what an earlier map wrote. Usage: another file, or one that was changed by
// hand; a link, which may lead anywhere; what is no file.
Result<> refuse_other(const std::string& file, const std::string& yaml,
                      std::string_view tags = "");

// Writes it where refuse_other() has nothing against it; what is there is
// replaced in one step (write_text).
Result<> write_scenario(const std::string& file, const std::string& yaml,
                        std::string_view tags = "");

}  // namespace faultrig
