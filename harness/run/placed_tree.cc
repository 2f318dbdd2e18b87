#include "harness/run/placed_tree.h"

#include <cerrno>
#include <fstream>
#include <map>
#include <system_error>

#include "harness/run/recorded_folder.h"

namespace faultrig {

namespace {
namespace fs = std::filesystem;
}  // namespace

Result<FileTree> tree_at(const std::string& folder) {
  RecordedFolder seen;
  TRY(seen.begin(folder));
  return seen.record().before;
}

Result<> write_down(const fs::path& path, const std::string& content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << content;
  out.close();
  return out ? Result<>(Ok{}) : system_error("write " + path.string(), errno);
}

Result<> lay_out(const FileTree& tree, const fs::path& root) {
  std::error_code failed;
  std::map<FileId, fs::path> written;
  fs::create_directories(root, failed);
  for (const auto& [path, name] : tree.names.all()) {
    fs::path at = root / path;
    auto other = written.find(name.file);
    if (name.kind == TreeName::Kind::folder) {
      fs::create_directory(at, failed);
    } else if (name.kind == TreeName::Kind::symlink) {
      fs::create_symlink(name.target, at, failed);
    } else if (other != written.end()) {
      fs::create_hard_link(other->second, at, failed);
    } else {
      TRY(write_down(at, tree.bytes_of(name)));
      fs::permissions(at, fs::perms(name.mode), failed);
      written[name.file] = at;
    }
    if (failed) {
      return system_error("lay out " + at.string(), failed.value());
    }
  }
  for (const auto& [path, name] : tree.names.all()) {
    if (name.kind == TreeName::Kind::folder) {
      fs::permissions(root / path, fs::perms(name.mode), failed);
    }
  }
  return Ok{};
}

}  // namespace faultrig
