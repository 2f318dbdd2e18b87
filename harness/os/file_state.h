#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faultrig {

// What changes when a file is written or replaced: device, inode, size, the
// times of its content and of its inode. Empty: it cannot be seen.
std::vector<std::int64_t> file_state(const std::string& path);

}  // namespace faultrig
