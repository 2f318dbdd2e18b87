#pragma once

#include <cstdint>
#include <string>

namespace faultrig {

// A file's content, whatever names it has.
using FileId = std::uint64_t;

// One thing that was done to a folder, in the order in which it was. Paths are
// from that folder; of a file outside of it the path is empty.
struct DiskOp {
  enum class What {
    create,       // path, file, mode: a new file, empty
    enter,        // path, file: another name of a file (link(2)), or the first
                  // one in this folder
    folder,       // path, mode
    symlink,      // path, bytes: what it says
    rename,       // path, to
    exchange,     // path, to
    remove,       // path: a file, a link, or a folder with all below it
    write,        // file, offset, bytes; path
    resize,       // file, size; path
    sync_file,    // fsync(2): file; path
    sync_data,    // fdatasync(2): file; path
    sync_folder,  // fsync(2): path
    sync_all,     // sync(2), syncfs(2)
    print,        // bytes, to stdout
  };
  What what = What::print;
  FileId file = 0;
  std::string path = {};
  std::string to = {};
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  unsigned mode = 0;
  std::string bytes = {};

  // Does it change which names there are?
  bool of_names() const;
  // Or what is in a file?
  bool changes() const;
  bool is_sync() const;
  // `write of 512 bytes at 0 to 'log'`; names may hold anything.
  std::string text() const;
};

// The folder of a path: `a` of `a/b`, and empty, the root, of `a`.
std::string folder_of_path(const std::string& path);

}  // namespace faultrig
