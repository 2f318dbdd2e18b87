#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// An environment, NAME=value each. Pure.

// The value of this variable, the last one; empty: it has none, or an empty
// one.
std::string_view value_in(const std::vector<std::string>& env,
                          std::string_view name);

// It has this value then, and no other.
void set_in(std::vector<std::string>& env, std::string_view name,
            std::string_view value);

}  // namespace faultrig
