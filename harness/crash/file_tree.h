#pragma once

#include <map>
#include <string>
#include <utility>

#include "harness/crash/disk_op.h"

namespace faultrig {

// What one name in a folder is.
struct TreeName {
  enum class Kind { file, folder, symlink };
  Kind kind = Kind::file;
  FileId file = 0;
  unsigned mode = 0;  // permissions; of a file that was there before, too
  std::string target = {};
};

// The names in a folder, by their paths from it: `a/b`. The folder itself has
// none.
class TreeNames {
 public:
  void add(const std::string& path, TreeName name) {
    names_[path] = std::move(name);
  }
  // Nothing where there is none.
  const TreeName* find(const std::string& path) const;
  // Does what an operation on names does, as far as there is what it is about:
  // what it lacks, since an earlier one is lost, it leaves alone.
  void apply(const DiskOp& op);
  const std::map<std::string, TreeName>& all() const { return names_; }

 private:
  bool has_folder_of(const std::string& path) const;
  std::map<std::string, TreeName> take_below(const std::string& path);
  void put_below(const std::string& path,
                 const std::map<std::string, TreeName>& taken);
  std::map<std::string, TreeName> names_;
};

// A folder with all that is in it.
struct FileTree {
  TreeNames names;
  std::map<FileId, std::string> content;

  // Any operation; a sync and a print change nothing.
  void apply(const DiskOp& op);
  // The content of a file, what a link says; of a folder nothing.
  const std::string& bytes_of(const TreeName& name) const;
  // Bytes of content.
  std::size_t size() const;
  // Of names, permissions and content: two trees of one are taken for the same.
  std::pair<std::uint64_t, std::uint64_t> digest() const;
};

}  // namespace faultrig
