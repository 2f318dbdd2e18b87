// The order of what is recorded is that in which it was done: one supervisor
// makes all calls, one behind the other. What was not seen shows in the end:
// the folder is compared with what the record makes of it.
#include "harness/run/recorded_folder.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include "harness/base/fd.h"
#include "harness/base/folder_paths.h"
#include "harness/base/path_place.h"
#include "harness/os/path_step.h"
#include "harness/os/shim_folders.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;
using What = DiskOp::What;
using Kind = FileIdentity::Kind;

// What stands at a path; `nowhere`: nothing does.
struct Sight {
  std::optional<FileIdentity> seen;
  bool nowhere = false;
};
Sight look_at(const fs::path& path) {
  Fd file = open_path(AT_FDCWD, path.string(), O_NOFOLLOW);
  return file ? Sight{identity_of(file)} : Sight{{}, errno == ENOENT};
}

// Is it no more what was seen there? Its number may be another's by now.
bool is_gone(const fs::path& path, const FileIdentity& seen,
             const Error& trouble) {
  Sight now = look_at(path);
  return trouble.os_errno == ENOENT || now.nowhere ||
         (now.seen && !now.seen->same_as(seen));
}

struct Entry {
  fs::path path;
  FileIdentity seen;
};

// Adds what is below a folder. What goes away meanwhile is not there.
Result<> add_below(const fs::path& folder, const FileIdentity& seen,
                   std::vector<Entry>& out) {
  auto held = paths_in(folder);
  if (!held) {
    return is_gone(folder, seen, held.error()) ? Result<>(Ok{}) : held.error();
  }
  // A link that has taken its place leads elsewhere.
  Sight still = look_at(folder);
  if (!still.seen || !still.seen->same_as(seen)) {
    return Ok{};
  }
  for (const fs::path& path : *held) {
    Sight one = look_at(path);
    if (one.nowhere) {
      continue;
    }
    bool is_folder = one.seen && one.seen->kind == Kind::folder;
    if (!one.seen || (is_folder && one.seen->device != seen.device)) {
      return usage_error("crash: " + path.string() +
                         " cannot be seen, or is on another disk");
    }
    out.push_back({path, *one.seen});
    if (is_folder) {
      TRY(add_below(path, *one.seen, out));
    }
  }
  return Ok{};
}

}  // namespace

Result<> RecordedFolder::begin(const fs::path& folder, const fs::path& beside) {
  auto root = look_at(folder).seen;
  if (!root || root->kind != Kind::folder) {
    return usage_error("crash: " + folder.string() +
                       " is to be there, and a folder");
  }
  folder_ = folder;
  if (auto file = look_at(beside).seen) {
    file_devices_.insert(file->device);
  }
  device_ = root->device;
  folders_[root->inode] = "";
  std::vector<Entry> entries;
  TRY(add_below(folder, *root, entries));
  for (const Entry& entry : entries) {
    TRY(read_entry(entry.path, entry.seen));
  }
  record_.before.names = now_;
  record_.may_end = {may_go_};
  return Ok{};
}

Result<> RecordedFolder::read_entry(const fs::path& entry,
                                    const FileIdentity& seen) {
  std::string path = entry.lexically_relative(folder_).string();
  if (seen.kind == Kind::other || path == kOwnMark) {
    return Ok{};  // a socket, a pipe: they hold nothing
  }
  if (seen.kind == Kind::folder) {
    folders_[seen.inode] = path;
    now_.add(path, {TreeName::Kind::folder, 0, seen.mode});
    return Ok{};
  }
  if (seen.kind == Kind::symlink) {
    std::string target = link_at(AT_FDCWD, entry.string());
    if (!target.empty()) {  // it has not gone: each link says something
      now_.add(path, {TreeName::Kind::symlink, 0, 0, std::move(target)});
    }
    return Ok{};
  }
  if (!files_.contains(seen.key())) {
    if (seen.size > kMostBytes - bytes_) {
      return usage_error("crash: " + folder_.string() +
                         " holds more than can be kept (256MiB)");
    }
    auto content = read_regular_file(entry.string(), kMostBytes - bytes_);
    if (!content) {
      return is_gone(entry, seen, content.error()) ? Result<>(Ok{})
                                                   : content.error();
    }
    bytes_ += content->size();
    Known& known = add_known(seen, path);
    record_.before.content[known.id] = *std::move(content);
  }
  now_.add(path, {TreeName::Kind::file, files_[seen.key()].id, seen.mode});
  return Ok{};
}

RecordedFolder::Known& RecordedFolder::add_known(const FileIdentity& file,
                                                 const std::string& path) {
  unseen_.erase(file.key());
  file_devices_.insert(file.device);
  return files_[file.key()] = {++last_, file.size, path};
}

void RecordedFolder::let_power_go(bool may) {
  may_go_ = may;
  if (!record_.may_end.empty()) {
    record_.may_end.back() = record_.may_end.back() || may;
  }
}

bool RecordedFolder::is_on_disk(const FileIdentity& file) const {
  return file.device == device_ || file_devices_.contains(file.device);
}

std::optional<std::string> RecordedFolder::path_of_folder(
    const FileIdentity& folder) const {
  auto found = folders_.find(folder.inode);
  bool its = folder.device == device_ && found != folders_.end();
  return its ? std::optional(found->second) : std::nullopt;
}

std::optional<std::string> RecordedFolder::path_in(
    const FileIdentity& folder, const std::string& name) const {
  auto found = path_of_folder(folder);
  if (!found) {
    return std::nullopt;
  }
  return found->empty() ? name : *found + "/" + name;
}

bool RecordedFolder::knows(const FileIdentity& file) {
  bool known = files_.contains(file.key());
  if (known && file.size == 0 && was_changed_unseen(file) && !is_inside(file)) {
    files_.erase(file.key());  // its number is another's now
    known = false;
  }
  if (!known && file.size == 0 && !unseen_.contains(file.key())) {
    add_known(file, "");
    known = true;
  }
  return known;
}

bool RecordedFolder::was_changed_unseen(const FileIdentity& file) const {
  auto found = files_.find(file.key());
  return found != files_.end() && found->second.size != file.size;
}

bool RecordedFolder::is_inside(const FileIdentity& file) const {
  auto found = files_.find(file.key());
  return found != files_.end() &&
         std::any_of(now_.all().begin(), now_.all().end(),
                     [&](const auto& name) {
                       return name.second.kind == TreeName::Kind::file &&
                              name.second.file == found->second.id;
                     });
}

bool RecordedFolder::take_from_outside(const FileIdentity& file,
                                       const std::string& path) {
  bool known = files_.contains(file.key()) || knows(file);
  if (known || unseen_.contains(file.key())) {
    return known && !was_changed_unseen(file);
  }
  auto content = read_regular_file(path, kMostBytes);
  if (!content) {
    return false;
  }
  bytes_ += content->size();
  Known& added = add_known(file, "");
  record_.before.content[added.id] = *std::move(content);
  return true;
}

void RecordedFolder::made_file(const std::string& path,
                               const FileIdentity& file) {
  FileId id = add_known(file, path).id;
  add({.what = What::create, .file = id, .path = path, .mode = file.mode});
}

void RecordedFolder::made_folder(const std::string& path,
                                 const FileIdentity& folder) {
  folders_[folder.inode] = path;
  add({.what = What::folder, .path = path, .mode = folder.mode});
}

void RecordedFolder::entered(const std::string& path,
                             const FileIdentity& file) {
  Known& known = files_[file.key()];
  known.path = path;
  add({.what = What::enter, .file = known.id, .path = path, .mode = file.mode});
}

void RecordedFolder::move_folders(const std::string& from,
                                  const std::string& to) {
  for (auto& [inode, path] : folders_) {
    if (path == from || is_below(path, from)) {
      path.replace(0, from.size(), to);
    }
  }
  for (auto& [inode, known] : files_) {
    if (known.path == from || is_below(known.path, from)) {
      known.path.replace(0, from.size(), to);
    }
  }
}

void RecordedFolder::renamed(const std::string& path, const std::string& to,
                             bool exchanged) {
  constexpr const char* kBetween = "//";  // no path of ours
  if (exchanged) {
    move_folders(to, kBetween);
  } else {
    std::erase_if(folders_, [&](const auto& one) { return one.second == to; });
  }
  move_folders(path, to);
  move_folders(kBetween, path);
  add({.what = exchanged ? What::exchange : What::rename,
       .path = path,
       .to = to});
}

void RecordedFolder::removed(const std::string& path) {
  std::erase_if(folders_, [&](const auto& one) {
    return one.second == path || is_below(one.second, path);
  });
  add({.what = What::remove, .path = path});
}

void RecordedFolder::wrote(const FileIdentity& file, std::uint64_t at,
                           std::string bytes) {
  Known& known = files_[file.key()];
  known.size = std::max(known.size, at + bytes.size());
  add({.what = What::write,
       .file = known.id,
       .path = known.path,
       .offset = at,
       .bytes = std::move(bytes)});
}

void RecordedFolder::resized(const FileIdentity& file, std::uint64_t size) {
  Known& known = files_[file.key()];
  known.size = size;
  add({.what = What::resize,
       .file = known.id,
       .path = known.path,
       .size = size});
}

void RecordedFolder::synced(const FileIdentity& file, bool data_alone) {
  if (auto path = path_of_folder(file)) {
    add({.what = What::sync_folder, .path = *path});
    return;
  }
  auto found = files_.find(file.key());
  if (found != files_.end()) {
    add({.what = data_alone ? What::sync_data : What::sync_file,
         .file = found->second.id,
         .path = found->second.path});
  }
}

void RecordedFolder::add(DiskOp op) {
  bytes_ += op.bytes.size() + sizeof op;
  now_.apply(op);
  record_.ops.push_back(std::move(op));
  record_.may_end.push_back(may_go_);
}

std::string RecordedFolder::difference() const {
  FileTree told = record_.before;
  for (const DiskOp& op : record_.ops) {
    told.apply(op);
  }
  RecordedFolder there;
  auto read = there.begin(folder_);
  if (!read) {
    return read.error().what;
  }
  std::set<std::string> paths;
  for (const TreeNames* names : {&told.names, &there.now_}) {
    for (const auto& [path, name] : names->all()) {
      paths.insert(path);
    }
  }
  for (const std::string& path : paths) {
    const TreeName* said = told.names.find(path);
    const TreeName* seen = there.now_.find(path);
    if (said == nullptr || seen == nullptr || said->kind != seen->kind) {
      return "'" + path + "' is " + (seen == nullptr ? "not there" : "there");
    }
    bool file = said->kind == TreeName::Kind::file;
    if (file &&
        told.content[said->file] != there.record_.before.content[seen->file]) {
      return "'" + path + "' holds something else";
    }
  }
  return "";
}

}  // namespace faultrig
