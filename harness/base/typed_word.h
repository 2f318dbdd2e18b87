#pragma once

#include <string>
#include <string_view>

namespace faultrig {

// A word to be shown on one line and typed into a shell: as shell_quote() has
// it, or $'...' of bash, zsh and ksh for what has no sign of its own, as a
// newline.
std::string typed_word(std::string_view word);

}  // namespace faultrig
