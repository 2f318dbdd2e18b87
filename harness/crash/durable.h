#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "harness/crash/file_tree.h"
#include "harness/model/crash.h"

namespace faultrig {

// What of a row of operations a crash cannot take back, by a model. Operations
// are taken in their order and known by their place in it, from 0.
class Durable {
 public:
  Durable(CrashModel model, const FileTree& before);

  void take(const DiskOp& op);
  // So many were taken.
  std::size_t count() const { return ops_.size(); }

  // Is this one, of names or a change of size, there by what was promised?
  bool keeps(std::size_t op) const;
  // Is this write? `all_names`: every change of names is there.
  bool keeps_write(std::size_t op, bool all_names) const;
  // Did it write over what was there, and change no size?
  bool is_in_place(std::size_t op) const { return ops_[op].in_place; }

 private:
  // What of each one has to be known later.
  struct Taken {
    DiskOp::What what = DiskOp::What::print;
    FileId file = 0;
    std::vector<std::string> folders;  // whose entries it changes
    bool in_place = false;
  };
  struct Replaced {
    std::size_t by = 0;  // which rename
    FileId file = 0;     // that took the place of another
  };
  void change(const DiskOp& op, Taken& taken);
  void sync(const DiskOp& op);
  void commit(std::size_t changed, std::size_t now);

  CrashModel model_;
  TreeNames names_;
  std::vector<Taken> ops_;
  std::map<FileId, std::uint64_t> sizes_;
  std::vector<Replaced> replaced_;
  // Numbers of operations, each counted from 1: what came before it is safe.
  std::size_t committed_ = 0;                   // of names and sizes: ext4
  std::map<FileId, std::size_t> data_;          // of a file's content
  std::map<std::string, std::size_t> entries_;  // of a folder's entries: posix
  std::map<FileId, std::size_t> changed_;       // the last change of a file
  std::map<FileId, std::size_t> grown_;         // that a commit has to carry
  std::map<std::string, std::size_t> folder_changed_;
};

}  // namespace faultrig
