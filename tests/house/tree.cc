#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/house/checks.h"
#include "tests/source_dir.h"

namespace house {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

Tree read_tree() {
  namespace fs = std::filesystem;
  const fs::path root = faultrig::source_dir();
  Tree tree;
  for (const std::string file : {"README.md", "LICENSE"}) {
    tree[file] = text_of(root / file);
  }
  for (const std::string folder :
       {"harness", "injectors", "bench", "tests", "scenarios", "docs",
        "go_fixtures", "cgo_fixtures"}) {
    if (!fs::exists(root / folder)) {
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && entry.path().extension() != "") {
        tree[entry.path().lexically_relative(root)] = text_of(entry.path());
      }
    }
  }
  return tree;
}

}  // namespace

const Tree& our_tree() {
  static const Tree tree = read_tree();
  return tree;
}

}  // namespace house
