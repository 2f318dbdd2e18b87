// A test writes where it stands, and an error that we cause may keep it from
// cleaning up.
#include "harness/run/fresh_folder.h"

#include <cstdint>
#include <vector>

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

// Links to all that is in `from`, but for one name.
Result<> link_all(const fs::path& from, const fs::path& to,
                  const fs::path& but) {
  std::error_code failed;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(from, failed)) {
    fs::path name = entry.path().filename();
    if (name == but || name == ".git") {
      continue;
    }
    fs::create_symlink(entry.path(), to / name, failed);
    if (failed) {
      return failed_at(entry.path(), failed);
    }
  }
  return failed ? Result<>(failed_at(from, failed)) : Ok{};
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

}  // namespace

Result<fs::path> copy_package(const fs::path& folder, const fs::path& place) {
  std::vector<fs::path> down = folders_down_to(folder);
  fs::path at = place / "package";
  std::error_code failed;
  for (std::size_t i = 0; i < down.size(); ++i) {
    at = i == 0 ? at : at / down[i].filename();
    fs::create_directory(at, failed);
    if (failed) {
      return failed_at(at, failed);
    }
    if (i + 1 < down.size()) {
      TRY(link_all(down[i], at, down[i + 1].filename()));
    }
  }
  TRY(copy_all(folder, at));
  return at;
}

Result<TempDir> use_fresh_folder(Session& session, const Plan& plan,
                                 FirstLink& first) {
  if (!plan.fresh_folder || !first.not_built.empty()) {
    return TempDir();
  }
  std::optional<TempDir> made = session.make_work_folder();
  if (!made) {
    return unsupported_error("needs a folder for each run, below TMPDIR");
  }
  const std::filesystem::path& place = made->path();
  TRY(make_own_folder((place / "tmp").string()));
  std::erase_if(first.env,
                [](const auto& entry) { return entry.starts_with("TMPDIR="); });
  first.env.push_back("TMPDIR=" + (place / "tmp").string());
  if (plan.has_go()) {
    TRY_ASSIGN(auto folder, copy_package(first.folder, place));
    first.folder = folder.string();
  }
  return std::move(*made);
}

}  // namespace faultrig
