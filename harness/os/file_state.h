#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What changes when a file is written or replaced: device, inode, size, the
// times of its content and of its inode. Empty: it cannot be seen.
std::vector<std::int64_t> file_state(const std::string& path);

// The earliest time, of the epoch, that a file can have which is touched from
// now on: a file system stamps with the time of the kernel's last tick, however
// late that tick was (CLOCK_REALTIME_COARSE in clock_gettime(2)).
std::chrono::nanoseconds earliest_stamp();

// Has this file, no folder, been made, written or changed in its inode since
// then (earliest_stamp())?
bool is_touched_since(const std::string& path, std::chrono::nanoseconds since);

// Gives `to` owner, group and mode of `from`, which is no link. System: not
// allowed, or one of them is gone.
Result<> own_as(const std::string& from, const std::string& to);

}  // namespace faultrig
