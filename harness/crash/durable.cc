// ext4 with data=ordered keeps names and sizes in one journal, in their order:
// who commits a change commits all that came before it. fsync(2) writes the
// data of a file, then commits the last change of the file itself; of a file
// that has not changed since the last commit it commits nothing, whatever was
// done elsewhere. fdatasync(2) does not either where no size has changed. A
// rename over an older file takes the new one's data with it (auto_da_alloc in
// ext4(5)); one to a free name does not. All of this was seen on images of
// Linux 6.18 as well. POSIX promises of fsync(2) a file's own data and size,
// and of its folder the entries.
#include "harness/crash/durable.h"

#include <algorithm>

namespace faultrig {

namespace {

using What = DiskOp::What;

template <typename Key>
std::size_t at_or_none(const std::map<Key, std::size_t>& map, const Key& key) {
  auto found = map.find(key);
  return found == map.end() ? 0 : found->second;
}

}  // namespace

Durable::Durable(CrashModel model, const FileTree& before)
    : model_(model), names_(before.names) {
  for (const auto& [file, content] : before.content) {
    sizes_[file] = content.size();
  }
}

void Durable::take(const DiskOp& op) {
  Taken taken;
  taken.what = op.what;
  taken.file = op.file;
  if (op.of_names()) {
    taken.folders.push_back(folder_of_path(op.path));
    if (!op.to.empty()) {
      taken.folders.push_back(folder_of_path(op.to));
    }
  }
  change(op, taken);
  ops_.push_back(std::move(taken));
  sync(op);
  names_.apply(op);
}

// Before the names are as it has left them.
void Durable::change(const DiskOp& op, Taken& taken) {
  std::size_t now = ops_.size() + 1;
  for (const std::string& path : {op.path, op.to}) {
    const TreeName* name = op.of_names() ? names_.find(path) : nullptr;
    if (name != nullptr && name->kind == TreeName::Kind::file) {
      changed_[name->file] = now;
    } else if (name != nullptr) {
      folder_changed_[path] = now;
    }
  }
  for (const std::string& folder : taken.folders) {
    folder_changed_[folder] = now;
  }
  const TreeName* from =
      op.what == What::rename ? names_.find(op.path) : nullptr;
  bool moves_file = from != nullptr && from->kind == TreeName::Kind::file;
  FileId file = moves_file ? from->file : op.file;
  bool arrives = op.what == What::enter || moves_file;
  const std::string& place = moves_file ? op.to : op.path;
  if (arrives && names_.find(place) != nullptr) {
    replaced_.push_back({now - 1, file});
  }
  if (op.what == What::create || op.what == What::enter) {
    changed_[op.file] = now;
    grown_[op.file] = now;
  } else if (op.what == What::write) {
    std::uint64_t end = op.offset + op.bytes.size();
    taken.in_place = end <= sizes_[op.file];
    sizes_[op.file] = std::max(sizes_[op.file], end);
    changed_[op.file] = now;
    grown_[op.file] = taken.in_place ? grown_[op.file] : now;
  } else if (op.what == What::resize) {
    sizes_[op.file] = op.size;
    changed_[op.file] = now;
    grown_[op.file] = now;
  }
}

void Durable::commit(std::size_t changed, std::size_t now) {
  committed_ = changed > committed_ ? now : committed_;
}

void Durable::sync(const DiskOp& op) {
  std::size_t now = ops_.size();
  if (op.what == What::sync_all) {
    committed_ = now;
    for (auto& [file, changed] : changed_) {
      data_[file] = now;
    }
    for (auto& [folder, changed] : folder_changed_) {
      entries_[folder] = now;
    }
  } else if (op.what == What::sync_folder) {
    entries_[op.path] = now;
    commit(at_or_none(folder_changed_, op.path), now);
  } else if (op.what == What::sync_file) {
    data_[op.file] = now;
    commit(at_or_none(changed_, op.file), now);
  } else if (op.what == What::sync_data) {
    data_[op.file] = now;
    commit(at_or_none(grown_, op.file), now);
  }
}

bool Durable::keeps(std::size_t op) const {
  const Taken& taken = ops_[op];
  if (model_ == CrashModel::ext4) {
    return op < committed_;
  }
  if (taken.what == What::resize) {
    return op < at_or_none(data_, taken.file);
  }
  return std::all_of(taken.folders.begin(), taken.folders.end(),
                     [&](const std::string& folder) {
                       return op < at_or_none(entries_, folder);
                     });
}

bool Durable::keeps_write(std::size_t op, bool all_names) const {
  FileId file = ops_[op].file;
  if (op < at_or_none(data_, file)) {
    return true;
  }
  return model_ == CrashModel::ext4 &&
         std::any_of(replaced_.begin(), replaced_.end(),
                     [&](const Replaced& one) {
                       return one.file == file && op < one.by &&
                              (all_names || one.by < committed_);
                     });
}

}  // namespace faultrig
