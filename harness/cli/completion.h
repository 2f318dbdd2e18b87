#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/command_line.h"

namespace faultrig {

// A program of that shell that completes the command line of these commands:
// bash, zsh or fish. Empty for any other.
std::string completion_text(std::string_view shell,
                            const std::vector<CommandPage>& pages);

// The manual page, for man(1).
std::string manual_text(const std::vector<CommandPage>& pages);

}  // namespace faultrig
