#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What a folder holds, in the order of the names, each behind the folder's own
// path; no `.` and `..`, hidden ones too. System: it cannot be read to its end,
// as where somebody removes it meanwhile; a range-for over
// std::filesystem::directory_iterator throws there. Not after fork.
Result<std::vector<std::filesystem::path>> paths_in(
    const std::filesystem::path& folder);

// The same of all below it, in folders there too but not behind links to some,
// whose names end so and are longer.
Result<std::vector<std::filesystem::path>> paths_below(
    const std::filesystem::path& folder, std::string_view ending);

}  // namespace faultrig
