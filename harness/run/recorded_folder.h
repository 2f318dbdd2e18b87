#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "harness/base/result.h"
#include "harness/crash/crash_states.h"
#include "harness/os/caller_file.h"

namespace faultrig {

// A folder, what was in it, and what has been done to it since, by what those
// say who do it. Files are known by their inodes, on the folder's disk alone:
// from another one nothing can be moved in. Not after fork.
class RecordedFolder {
 public:
  // What is there now is what a crash leaves. Usage: it is no folder, or holds
  // more than can be kept, or what is on another disk. What goes away while it
  // is read is not there.
  // `beside`: a file on the same disk, where there is one.
  Result<> begin(const std::filesystem::path& folder,
                 const std::filesystem::path& beside = {});

  const DiskRecord& record() const { return record_; }
  // From now on power may go, or no more.
  void let_power_go(bool may);

  // Is this a file, or a folder, of the recorded disk?
  bool is_on_disk(const FileIdentity& file) const;
  // The path of a name in a folder that is recorded: `a/b`; nothing: it is
  // another folder.
  std::optional<std::string> path_in(const FileIdentity& folder,
                                     const std::string& name) const;
  // A folder's own path, empty for the recorded one itself.
  std::optional<std::string> path_of_folder(const FileIdentity& folder) const;
  // Is it one whose content is known, or was it empty, and is from now on?
  bool knows(const FileIdentity& file);
  // What is said of it is not what it was: others have written to it.
  bool was_changed_unseen(const FileIdentity& file) const;
  // Does a name in the folder lead to it?
  bool is_inside(const FileIdentity& file) const;
  // It was written to, and nobody knows what.
  void lose(const FileIdentity& file) { unseen_.insert(file.key()); }
  // Nothing was written to this file from outside that we did not see. Its
  // content is then known, read from `path`, or was already.
  bool take_from_outside(const FileIdentity& file, const std::string& path);

  // What was done. Paths are those of path_in().
  void made_file(const std::string& path, const FileIdentity& file);
  void made_folder(const std::string& path, const FileIdentity& folder);
  void entered(const std::string& path, const FileIdentity& file);
  void renamed(const std::string& path, const std::string& to, bool exchanged);
  void removed(const std::string& path);
  void wrote(const FileIdentity& file, std::uint64_t at, std::string bytes);
  void resized(const FileIdentity& file, std::uint64_t size);
  void synced(const FileIdentity& file, bool data_alone);
  // Another one, of no file that has to be known.
  void add(DiskOp op);

  // Where the folder is not what the record says; empty: it is.
  std::string difference() const;
  // Too much was written to keep it all.
  bool is_full() const { return bytes_ > kMostBytes; }

 private:
  using Key = std::pair<unsigned long long, unsigned long long>;
  struct Known {
    FileId id = 0;
    std::uint64_t size = 0;
    std::string path;  // one of its names; empty: outside
  };
  static constexpr std::size_t kMostBytes = std::size_t{256} << 20;
  Result<> read_entry(const std::filesystem::path& entry,
                      const FileIdentity& seen);
  Known& add_known(const FileIdentity& file, const std::string& path);
  void move_folders(const std::string& from, const std::string& to);

  std::filesystem::path folder_;
  unsigned long long device_ = 0;
  DiskRecord record_;
  TreeNames now_;
  // What files have for a device: on overlayfs(5) another than folders.
  std::set<unsigned long long> file_devices_;
  std::map<Key, Known> files_;
  std::map<unsigned long long, std::string> folders_;  // by inode
  std::set<Key> unseen_;
  FileId last_ = 0;
  std::size_t bytes_ = 0;
  bool may_go_ = false;
};

}  // namespace faultrig
