#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What a folder holds, in the order of the names, each behind the folder's own
// path; no `.` and `..`, hidden ones too. System: it cannot be read to its end,
// as where somebody removes it meanwhile; a range-for over
// std::filesystem::directory_iterator throws there. Not after fork.
Result<std::vector<std::filesystem::path>> paths_in(
    const std::filesystem::path& folder);

}  // namespace faultrig
