#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/fd.h"

namespace faultrig {

// What a file is, whatever it is called (stat(2)).
struct FileIdentity {
  enum class Kind { file, folder, symlink, other };
  Kind kind = Kind::other;
  unsigned long long device = 0;
  unsigned long long inode = 0;
  std::uint64_t size = 0;  // bytes
  unsigned mode = 0;       // permissions

  // What no other file has as long as this one is there.
  std::pair<unsigned long long, unsigned long long> key() const {
    return {device, inode};
  }
  bool same_as(const FileIdentity& other) const {
    return device == other.device && inode == other.inode;
  }
};

// Of an open file, O_PATH will do; nothing: it cannot be seen.
std::optional<FileIdentity> identity_of(const Fd& file);
// Of a name in a folder, without following a link; nothing: there is none.
std::optional<FileIdentity> identity_in(const Fd& folder,
                                        const std::string& name);

// A path, cut before its last name.
struct CutPath {
  std::string folder;  // with a slash behind it; empty: where the path begins
  std::string name;    // has no slash; neither `.` nor `..`
  bool as_folder = false;  // a slash follows: a folder is meant, or nothing
};
// Nothing: it ends in no name, as `/` and `..`.
std::optional<CutPath> cut_path(const std::string& path);

// A folder as a thread names it: by one of its descriptors, AT_FDCWD for where
// it stands, and a path from there, empty for that itself. O_PATH. No file,
// with errno set, where there is none. `cached`: also where a file system would
// have to be asked, EAGAIN, which the caller may serve.
Fd folder_of_caller(int tid, int descriptor, const std::string& path,
                    bool cached);

// Whose rights a thread has on file systems, and what it takes from the mode of
// new files (umask(2)).
struct CallerRights {
  unsigned user = 0;   // fsuid
  unsigned group = 0;  // fsgid
  unsigned mask = 0;
};
std::optional<CallerRights> rights_of(int tid);
// Are they ours?
bool are_ours(const CallerRights& rights);

}  // namespace faultrig
