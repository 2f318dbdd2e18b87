#pragma once

#include <filesystem>

#include "harness/base/result.h"

namespace faultrig {

// Makes a mirror of `folder` below `into`, which is there and empty, with the
// `above` folders above it around: folders are folders of their own, small
// files that are no programs are copies, all else are symbolic links to the
// originals. What is written in it stays in it, but for what is reached by such
// a link. Gives where it is. System: a folder could not be read or made.
//
// So that it takes some milliseconds at most, folders beyond the first 1000
// entries are links too, and so is `.git`. Not after fork.
Result<std::filesystem::path> mirror_folder(const std::filesystem::path& folder,
                                            const std::filesystem::path& into,
                                            std::size_t above);

}  // namespace faultrig
