#pragma once

#include <filesystem>
#include <string>

#include "harness/base/fd.h"
#include "harness/base/result.h"

namespace faultrig {

// A folder to write into: `path` is for people, `by` for us. A way through a
// descriptor stays in the folder whatever becomes of its name meanwhile.
struct KeptFolder {
  std::filesystem::path path;
  Fd folder;

  std::filesystem::path by() const {
    return "/proc/self/fd/" + std::to_string(folder.get());
  }
};

// Makes `parent`, with all above it, and opens it; the user named it, so links
// on the way there are followed.
Result<KeptFolder> open_kept(const std::filesystem::path& parent);

// Makes the folder `name`, if it is not there, in one that is open. A link in
// its place is an error, and so is a name that leads elsewhere: `..`, `.`, one
// with a slash.
Result<KeptFolder> open_below(const KeptFolder& parent,
                              const std::string& name);

}  // namespace faultrig
