#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// Makes a folder (mode 0700, whatever the umask) that remove_folder() may
// remove: an empty file in it, kOwnMark, says that it is ours.
Result<> make_own_folder(const std::string& path);
inline constexpr const char* kOwnMark = ".made-by-faultrig";

// What became of a folder that was to be removed.
struct FolderEnd {
  std::string why;                  // it is still there; empty: it is gone
  std::vector<std::string> mounts;  // mount points that were taken off first
  bool gone() const { return why.empty(); }
};

// Removes a folder that make_own_folder() made, with all in it. Takes off what
// was mounted on it or below, follows no symbolic link and never leaves the
// file system that it lies on. Leaves a folder that somebody else has put in
// its place; of a link there, it removes the link.
FolderEnd remove_folder(const std::string& path);

// The same for one that has no mark, of a program that we have started.
FolderEnd remove_unmarked_folder(const std::string& path);

}  // namespace faultrig
