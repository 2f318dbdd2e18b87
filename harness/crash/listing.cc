#include "harness/crash/listing.h"

#include <functional>
#include <utility>

#include "harness/base/text.h"

namespace faultrig {

namespace {

ListedName listed(const TreeName& name, const FileTree& tree) {
  const std::string& bytes = tree.bytes_of(name);
  return {name.kind, bytes.size(), std::hash<std::string>{}(bytes)};
}

std::string difference(const std::string& path, const ListedName& written,
                       const ListedName& left) {
  std::string name = "'" + path + "' ";
  if (written.kind != left.kind) {
    return name + "is something else";
  }
  if (written.size != left.size) {
    return name + "has " + std::to_string(left.size) + " of " +
           std::to_string(written.size) + " bytes";
  }
  return written.digest == left.digest ? "" : name + "has another content";
}

}  // namespace

Listing listing_of(const FileTree& tree) {
  Listing out;
  for (const auto& [path, name] : tree.names.all()) {
    out[path] = listed(name, tree);
  }
  return out;
}

std::string lost_text(std::vector<std::string> lost) {
  constexpr std::size_t kMostTold = 3;
  if (lost.size() > kMostTold) {
    std::string more =
        "and " + std::to_string(lost.size() - kMostTold) + " more";
    lost.resize(kMostTold);
    lost.push_back(std::move(more));
  }
  return lost.empty() ? "; nothing is lost" : "; lost: " + join(lost, ", ");
}

std::vector<std::string> lacking(const Listing& written, const FileTree& tree) {
  std::vector<std::string> out;
  Listing left = listing_of(tree);
  for (const auto& [path, name] : written) {
    auto found = left.find(path);
    std::string text = found == left.end()
                           ? "'" + path + "' is not there"
                           : difference(path, name, found->second);
    if (!text.empty()) {
      out.push_back(std::move(text));
    }
  }
  return out;
}

}  // namespace faultrig
