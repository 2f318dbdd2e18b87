#pragma once

#include <string>

#include "harness/base/fd.h"

namespace faultrig {

// A file or folder on the way along a path, opened with O_PATH: that reads
// nothing, and wants no rights to the file itself.
struct PathStep {
  Fd file;
  unsigned mode = 0;  // as in struct stat
  unsigned long long device = 0;
  unsigned long long inode = 0;
  unsigned long long mount = 0;

  bool is_link() const;
  bool same_as(const PathStep& other) const {
    return device == other.device && inode == other.inode &&
           mount == other.mount;
  }
  bool on_proc() const;
};

// No file, with errno set, if it cannot be opened. Flags are beside O_PATH.
Fd open_path(int directory, const std::string& name, int flags);
// All folders of a path in one go; no file where a link is on the way or the
// kernel would have to ask a file system (RESOLVE_CACHED in openat2(2)).
Fd open_folders(int start, const std::string& path);

// What is known of it without asking its file system.
PathStep step_to(Fd file);
PathStep copy_of(const PathStep& step);

// What a symbolic link says; empty, with errno set, if it is none.
std::string link_at(int directory, const std::string& name);
// How we see an open file: `/path`, `socket:[1]`, `/path (deleted)`.
std::string seen_name(const Fd& file);

// The type of the file system of a mount or an open file, by the mounts of a
// thread's namespace: `ext4`, `fuse.sshfs`; empty if it is on none of them (a
// memfd). Asks no file system.
std::string type_of_mount(int tid, unsigned long long mount);
std::string file_system_of(int tid, const Fd& file);

}  // namespace faultrig
