#pragma once

#include <filesystem>
#include <string>

#include "harness/base/result.h"
#include "harness/crash/file_tree.h"

namespace faultrig {

// What is in a folder. Usage: it is none, or holds more than can be kept.
Result<FileTree> tree_at(const std::string& folder);

// Makes what is in a tree below `folder`, which is made if it is not there:
// names, permissions, hard links and content. System: it cannot be. Not after
// fork.
Result<> lay_out(const FileTree& tree, const std::filesystem::path& folder);

// Writes such a file anew. System: it cannot be.
Result<> write_down(const std::filesystem::path& path,
                    const std::string& content);

}  // namespace faultrig
