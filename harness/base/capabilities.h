#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultrig {

// The number of `CAP_SYS_ADMIN` and the like (capabilities(7)); nothing for
// anything else.
std::optional<int> capability_number(std::string_view name);

// All names, for suggestions.
std::vector<std::string> capability_names();

}  // namespace faultrig
