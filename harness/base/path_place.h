#pragma once

#include <string_view>

namespace faultrig {

// Is it in that folder, by their names alone? Both written in the same way,
// without a slash at the end; an empty name is that of no folder. Allocates
// nothing, may run after fork.
inline bool is_below(std::string_view path, std::string_view folder) {
  return !folder.empty() && path.size() > folder.size() &&
         path.starts_with(folder) && path[folder.size()] == '/';
}

// Is it none of a disk, by its place: below /proc, /sys, or /dev but /dev/shm?
inline bool is_of_kernel(std::string_view path) {
  return is_below(path, "/proc") || is_below(path, "/sys") ||
         (is_below(path, "/dev") && !is_below(path, "/dev/shm"));
}

}  // namespace faultrig
