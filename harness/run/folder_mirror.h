#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace faultrig {

// What of the surroundings of a folder the words of a command name: of `../x`,
// `--config=../../etc/x` and `exec ../server` in a word.
struct Surrounding {
  std::size_t above = 0;                  // folders, from that one outwards
  std::set<std::filesystem::path> named;  // folders beside those; absolute
};
// `folder`: absolute.
Surrounding surrounding_of(const std::filesystem::path& folder,
                           const std::vector<std::string>& command);

// A copy of a folder, and the outermost of the folders around it.
struct FolderMirror {
  std::filesystem::path path;
  std::filesystem::path top;
};

// Makes a mirror of `folder` below `into`, which is there and empty, with what
// surrounds it: folders are folders of their own, small files that are no
// programs are copies, all else are symbolic links to the originals. Of the
// surroundings only what is named is mirrored, all else there are links. What
// is written in it stays in it, but for what is reached by such a link. Root
// gives each owner and mode of its original. System: a folder could not be read
// or made. Unsupported: it has more than 20,000 entries.
//
// So that it takes some milliseconds at most, folders beyond the first 1000
// entries are links too, and so is `.git`. Not after fork.
Result<FolderMirror> mirror_folder(const std::filesystem::path& folder,
                                   const std::filesystem::path& into,
                                   const Surrounding& around);

}  // namespace faultrig
