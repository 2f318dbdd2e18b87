#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/model/observation.h"

namespace faultrig {

// Parts of what describe() says, each safe for a terminal. Pure.

// One line, short enough for a report; a longer text ends in `...`.
inline constexpr std::size_t kLongestShown = 200;
std::string shown(std::string_view text, std::size_t longest = kLongestShown);

// The line, and behind it the text of the observation, if it has one.
std::string with_text(const std::string& line, const Observation& seen,
                      std::size_t longest = kLongestShown);

// `test`; `process` of what is no link.
std::string link_of(const Observation& seen);

}  // namespace faultrig
