#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/os/path_step.h"

namespace faultrig {

// What the files of a call are called. Several names of one file are all true:
// as the caller wrote it, by way of symbolic links, seen from its root folder
// and from ours.
struct FileNames {
  std::vector<std::string> names;  // absolute; what the caller said is first
  std::string unread;  // why there may be others; empty: there are none
  // `ENOENT`, `ENOTDIR`: at the moment of the look one of them led nowhere,
  // which is what a call gets that asks for a file. Empty: each led somewhere.
  std::string nowhere = {};

  void add(std::string name);
  void add(FileNames other);
};

// A path as a thread says it (path_resolution(7)).
struct SaidPath {
  std::string text;
  int dirfd = -100;      // AT_FDCWD, or a descriptor of the thread's
  bool follows = true;   // a symbolic link at its end
  bool in_root = false;  // RESOLVE_IN_ROOT: `dirfd` is its root folder
};

// Finds out as the kernel does, from the thread's own root and working folder,
// what a path or a descriptor names. Opens with O_PATH alone, and never looks
// into a file system that the workload itself may serve (fuse(4)): that would
// wait for ever. Cheap to make; remembers which mounts are such.
class FileNamer {
 public:
  FileNames of_path(int tid, const SaidPath& said);
  FileNames of_descriptor(int tid, int number);

  struct Way;  // one walk

 private:
  std::string walk(Way& way, FileNames& found);
  std::string enter(Way& way, const std::string& name);
  std::string follow(Way& way, PathStep link, const std::string& name);
  bool may_wait(int tid, const PathStep& step);
  std::map<std::pair<unsigned long long, unsigned>, bool> waiting_;
};

}  // namespace faultrig
