#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/crash/file_tree.h"

namespace faultrig {

// What is in a folder, without its content: enough to see that it is another.
struct ListedName {
  TreeName::Kind kind = TreeName::Kind::file;
  std::uint64_t size = 0;
  std::uint64_t digest = 0;  // of the content, or of what a link says

  bool operator==(const ListedName&) const = default;
};
using Listing = std::map<std::string, ListedName>;

Listing listing_of(const FileTree& tree);

// What was written and is not in `tree`, a text each: `'value' has 0 of 5
// bytes`, `'value' is not there`. Names may hold anything.
std::vector<std::string> lacking(const Listing& written, const FileTree& tree);

// `; lost: A, B, C, and 2 more`, or `; nothing is lost`.
std::string lost_text(std::vector<std::string> lost);

}  // namespace faultrig
