// A test writes where it stands, and an error that we cause may keep it from
// cleaning up. What stands around a copy is made once: a file system takes the
// longer to find room for a new name the more were removed a moment ago, and a
// module may have hundreds at its top.
#include "harness/run/package_place.h"

#include <chrono>
#include <cstdint>
#include <utility>

#include "harness/base/folder_paths.h"
#include "harness/os/shim_folders.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostBytes = 64 << 20;
constexpr int kMostFiles = 10000;

Error failed_at(const fs::path& path, const std::error_code& failed) {
  return system_error("copy " + path.string(), failed.value());
}

// Outermost first: the folder of go.mod, those below it, and the package's own
// last. Alone where there is no go.mod.
std::vector<fs::path> folders_down_to(const fs::path& folder) {
  std::vector<fs::path> down{folder};
  std::error_code failed;
  while (!fs::exists(down.front() / "go.mod", failed)) {
    fs::path above = down.front().parent_path();
    if (above == down.front()) {
      return {folder};
    }
    down.insert(down.begin(), above);
  }
  return down;
}

// Folders below that are packages of their own come along: their testdata may
// be what is read.
Result<> copy_all(const fs::path& from, const fs::path& to) {
  std::uintmax_t bytes = 0;
  int files = 0;
  std::error_code failed;
  fs::recursive_directory_iterator walk(from, failed);
  for (; !failed && walk != fs::end(walk); walk.increment(failed)) {
    const fs::directory_entry& entry = *walk;
    fs::path target = to / entry.path().lexically_relative(from);
    fs::file_status kind = entry.symlink_status(failed);
    if (entry.path().filename() == ".git") {
      walk.disable_recursion_pending();
      continue;
    }
    bytes += fs::is_regular_file(kind) ? entry.file_size(failed) : 0;
    if (++files > kMostFiles || bytes > kMostBytes) {
      return unsupported_error("a copy of " + from.string() +
                               " for each run would be too large");
    }
    if (fs::is_directory(kind)) {
      fs::create_directory(target, failed);
    } else if (fs::is_symlink(kind)) {
      fs::copy_symlink(entry.path(), target, failed);
    } else if (fs::is_regular_file(kind)) {
      fs::copy_file(entry.path(), target, failed);
    }
    if (failed) {
      return failed_at(entry.path(), failed);
    }
  }
  return failed ? Result<>(failed_at(from, failed)) : Ok{};
}

// Long ago: a folder in which a name comes, goes or changes is of now from then
// on, however coarse the clock of its file system. To look at each link of a
// large module in each run would cost more than the run's copy.
constexpr std::chrono::seconds kQuiet{1};

fs::file_time_type quiet_time() {
  return fs::file_time_type(
      fs::file_time_type::clock::from_sys(std::chrono::sys_seconds(kQuiet)));
}

bool is_quiet(const fs::path& folder) {
  std::error_code failed;
  return fs::last_write_time(folder, failed) == quiet_time() && !failed;
}

fs::perms perms_of(const fs::path& folder) {
  std::error_code failed;
  return fs::status(folder, failed).permissions();
}

}  // namespace

// Links to all that is in `from`, but for one name.
Result<PackagePlace::Folder> PackagePlace::linked(const fs::path& from,
                                                  const fs::path& to,
                                                  const fs::path& but) {
  Folder out{to, perms_of(to), {}};
  TRY_ASSIGN(auto held, paths_in(from));
  for (const fs::path& one : held) {
    fs::path name = one.filename();
    if (name == but || name == ".git") {
      continue;
    }
    std::error_code failed;
    fs::create_symlink(one, to / name, failed);
    if (failed) {
      return failed_at(one, failed);
    }
    out.links[name] = one;
  }
  return out;
}

Result<PackagePlace> PackagePlace::make(fs::path folder, TempDir place) {
  PackagePlace out;
  std::vector<fs::path> down = folders_down_to(folder);
  out.place_ = std::move(place);
  out.copy_ = out.place_.path() / "package";
  std::error_code failed;
  for (std::size_t i = 0; i + 1 < down.size(); ++i) {
    fs::create_directory(out.copy_, failed);
    if (failed) {
      return failed_at(out.copy_, failed);
    }
    fs::path next = down[i + 1].filename();
    TRY_ASSIGN(Folder around, linked(down[i], out.copy_, next));
    out.around_.push_back(std::move(around));
    out.copy_ /= next;
  }
  out.folder_ = std::move(folder);
  return out;
}

bool PackagePlace::is_of(const fs::path& folder) const {
  return !folder_.empty() && folder_ == folder;
}

bool PackagePlace::is_untouched() const {
  for (std::size_t i = 0; i < around_.size(); ++i) {
    const Folder& folder = around_[i];
    if (is_quiet(folder.path) && perms_of(folder.path) == folder.perms) {
      continue;
    }
    std::error_code failed;
    std::size_t links = 0;
    fs::path next = i + 1 < around_.size() ? around_[i + 1].path : copy_;
    auto held = paths_in(folder.path);
    if (!held) {
      return false;
    }
    for (const fs::path& one : *held) {
      auto known = folder.links.find(one.filename());
      bool same = known != folder.links.end() &&
                  fs::read_symlink(one, failed) == known->second;
      if (!same && one != next) {
        return false;
      }
      links += same ? 1U : 0U;
    }
    if (failed || links != folder.links.size() ||
        perms_of(folder.path) != folder.perms) {
      return false;
    }
  }
  return true;
}

bool PackagePlace::clear() const {
  // Looked at first: to remove it is a change too.
  bool untouched = is_untouched();
  std::error_code failed;
  bool there = fs::exists(fs::symlink_status(copy_, failed));
  return (!there || remove_unmarked_folder(copy_.string()).gone()) && untouched;
}

Result<fs::path> PackagePlace::copy() const {
  std::error_code failed;
  fs::create_directory(copy_, failed);
  if (failed) {
    return failed_at(copy_, failed);
  }
  TRY(copy_all(folder_, copy_));
  for (const Folder& folder : around_) {
    fs::last_write_time(folder.path, quiet_time(), failed);
  }
  return copy_;
}

}  // namespace faultrig
