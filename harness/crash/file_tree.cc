#include "harness/crash/file_tree.h"

#include <functional>

#include "harness/base/path_place.h"

namespace faultrig {

namespace {

using What = DiskOp::What;

// Of a file whose beginning is lost, what was never written is zeros.
void put(std::string& content, std::uint64_t at, const std::string& bytes) {
  if (content.size() < at + bytes.size()) {
    content.resize(at + bytes.size());
  }
  content.replace(at, bytes.size(), bytes);
}

class Digest {
 public:
  void add(const std::string& bytes) {
    first_ = (first_ ^ std::hash<std::string>()(bytes)) * kPrime;
    for (unsigned char byte : bytes) {
      second_ = (second_ ^ byte) * kPrime;
    }
    second_ = (second_ ^ bytes.size()) * kPrime;
  }
  std::pair<std::uint64_t, std::uint64_t> value() const {
    return {first_, second_};
  }

 private:
  static constexpr std::uint64_t kPrime = 1099511628211ULL;  // FNV-1a
  std::uint64_t first_ = 14695981039346656037ULL;
  std::uint64_t second_ = 14695981039346656037ULL;
};

}  // namespace

const TreeName* TreeNames::find(const std::string& path) const {
  auto found = names_.find(path);
  return found == names_.end() ? nullptr : &found->second;
}

bool TreeNames::has_folder_of(const std::string& path) const {
  std::string folder = folder_of_path(path);
  const TreeName* above = find(folder);
  return folder.empty() ||
         (above != nullptr && above->kind == TreeName::Kind::folder);
}

std::map<std::string, TreeName> TreeNames::take_below(const std::string& path) {
  std::map<std::string, TreeName> taken;
  for (auto at = names_.lower_bound(path); at != names_.end();) {
    bool its = at->first == path || is_below(at->first, path);
    if (its) {
      taken[at->first.substr(path.size())] = std::move(at->second);
      at = names_.erase(at);
    } else if (at->first.starts_with(path)) {
      ++at;  // `a.b` stands between `a` and `a/b`
    } else {
      break;
    }
  }
  return taken;
}

void TreeNames::put_below(const std::string& path,
                          const std::map<std::string, TreeName>& taken) {
  for (const auto& [rest, name] : taken) {
    names_[path + rest] = name;
  }
}

void TreeNames::apply(const DiskOp& op) {
  using Kind = TreeName::Kind;
  bool moves = op.what == What::rename || op.what == What::exchange;
  if (!op.of_names() || !has_folder_of(op.path) ||
      (moves && (find(op.path) == nullptr || !has_folder_of(op.to)))) {
    return;
  }
  std::map<std::string, TreeName> taken;
  if (moves || op.what == What::remove) {
    taken = take_below(op.path);
  }
  switch (op.what) {
    case What::create:
    case What::enter:
      names_[op.path] = {Kind::file, op.file, op.mode};
      break;
    case What::folder:
      names_[op.path] = {Kind::folder, 0, op.mode};
      break;
    case What::symlink:
      names_[op.path] = {Kind::symlink, 0, 0, op.bytes};
      break;
    case What::exchange:
      put_below(op.path, take_below(op.to));
      [[fallthrough]];
    case What::rename:
      take_below(op.to);
      put_below(op.to, taken);
      break;
    default:
      break;
  }
}

void FileTree::apply(const DiskOp& op) {
  if (op.what == What::write) {
    put(content[op.file], op.offset, op.bytes);
  } else if (op.what == What::resize) {
    content[op.file].resize(op.size);
  } else if (op.of_names()) {
    names.apply(op);
  }
}

const std::string& FileTree::bytes_of(const TreeName& name) const {
  auto found = content.find(name.file);
  bool full = name.kind == TreeName::Kind::file && found != content.end();
  return full ? found->second : name.target;
}

std::size_t FileTree::size() const {
  std::size_t out = 0;
  for (const auto& [file, bytes] : content) {
    out += bytes.size();
  }
  return out;
}

std::pair<std::uint64_t, std::uint64_t> FileTree::digest() const {
  Digest digest;
  for (const auto& [path, name] : names.all()) {
    digest.add(path);
    digest.add(std::to_string(static_cast<int>(name.kind)) + " " +
               std::to_string(name.mode));
    digest.add(bytes_of(name));
  }
  return digest.value();
}

}  // namespace faultrig
