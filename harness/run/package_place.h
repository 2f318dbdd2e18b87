#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "harness/base/result.h"
#include "harness/os/scratch.h"

namespace faultrig {

// Where copies of a package's folder stand, one after another, so that what
// tests leave in one is not found in the next: in copies of the folders above
// it, up to that of go.mod, in which all else are links to the originals:
// `../testdata` is there. Empty unless made.
class PackagePlace {
 public:
  // For copies of `folder`, below `place`, which ends with it.
  static Result<PackagePlace> make(std::filesystem::path folder, TempDir place);

  bool is_of(const std::filesystem::path& folder) const;
  // Removes the last copy. False: that cannot be, or around it not all is as it
  // was made.
  bool clear() const;
  // Makes a copy where none is; gives its path. Unsupported: it has more than
  // 64 MiB, or 10,000 files.
  Result<std::filesystem::path> copy() const;

 private:
  struct Folder {
    std::filesystem::path path;
    std::filesystem::perms perms{};
    // By name, where they lead to.
    std::map<std::filesystem::path, std::filesystem::path> links;
  };
  bool is_untouched() const;
  static Result<Folder> linked(const std::filesystem::path& from,
                               const std::filesystem::path& to,
                               const std::filesystem::path& but);

  std::filesystem::path folder_;  // empty: none
  std::vector<Folder> around_;    // outermost first
  std::filesystem::path copy_;
  TempDir place_;
};

}  // namespace faultrig
