#pragma once

#include <string>
#include <utility>

#include "harness/crash/crash_states.h"

namespace faultrig {

// A row of operations, each as short as a sentence.
class Story {
 public:
  using What = DiskOp::What;
  Story& has(const std::string& path, FileId file, const std::string& content) {
    record_.before.names.add(path, {TreeName::Kind::file, file, 0600});
    record_.before.content[file] = content;
    return *this;
  }
  Story& create(const std::string& path, FileId file) {
    return add({.what = What::create, .file = file, .path = path});
  }
  Story& enter(const std::string& path, FileId file) {
    return add({.what = What::enter, .file = file, .path = path});
  }
  Story& folder(const std::string& path) {
    return add({.what = What::folder, .path = path});
  }
  Story& rename(const std::string& path, const std::string& to) {
    return add({.what = What::rename, .path = path, .to = to});
  }
  Story& remove(const std::string& path) {
    return add({.what = What::remove, .path = path});
  }
  Story& write(FileId file, const std::string& bytes, std::uint64_t at = 0) {
    return add(
        {.what = What::write, .file = file, .offset = at, .bytes = bytes});
  }
  Story& resize(FileId file, std::uint64_t size) {
    return add({.what = What::resize, .file = file, .size = size});
  }
  Story& fsync(FileId file) {
    return add({.what = What::sync_file, .file = file});
  }
  Story& fdatasync(FileId file) {
    return add({.what = What::sync_data, .file = file});
  }
  Story& fsync_folder(const std::string& path = "") {
    return add({.what = What::sync_folder, .path = path});
  }
  Story& sync() { return add({.what = What::sync_all}); }
  Story& print(const std::string& bytes) {
    return add({.what = What::print, .bytes = bytes});
  }
  Story& power_goes_at_the_end() {
    record_.may_end.assign(record_.ops.size() + 1, false);
    record_.may_end.back() = true;
    return *this;
  }
  const DiskRecord& record() const { return record_; }

 private:
  Story& add(DiskOp op) {
    record_.ops.push_back(std::move(op));
    return *this;
  }
  DiskRecord record_;
};

// `path=content`, sorted; long runs of one byte as `x*4096`.
inline std::string shown(const FileTree& tree) {
  std::string out;
  for (const auto& [path, name] : tree.names.all()) {
    out += (out.empty() ? "" : " ") + path;
    if (name.kind == TreeName::Kind::folder) {
      out += "/";
      continue;
    }
    out += "=";
    auto found = tree.content.find(name.file);
    std::string bytes = found == tree.content.end() ? "" : found->second;
    for (std::size_t i = 0; i < bytes.size();) {
      std::size_t end = bytes.find_first_not_of(bytes[i], i);
      end = end == std::string::npos ? bytes.size() : end;
      out += bytes[i] == '\0' ? '0' : bytes[i];
      out += end - i > 8 ? "*" + std::to_string(end - i)
                         : std::string(end - i - 1, bytes[i]);
      i = end;
    }
  }
  return out;
}

}  // namespace faultrig
