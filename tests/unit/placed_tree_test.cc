// What is in a folder while others change it.
#include "harness/run/placed_tree.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

namespace fs = std::filesystem;
using NoNames = std::map<std::string, TreeName>;

TEST(PlacedTree, HasNoLinkThatGoesAwayWhileItIsRead) {
  constexpr int kLinks = 50;
  std::string name = fs::temp_directory_path() / "placed-tree-XXXXXX";
  const fs::path folder = mkdtemp(name.data());
  std::atomic<bool> end = false;
  std::thread changes([&] {
    for (int i = 0; !end; ++i) {
      std::string link = folder / std::to_string(i % kLinks);
      if (unlink(link.c_str()) != 0) {
        (void)symlink("there", link.c_str());
      }
    }
  });
  int read = 0;
  int empty = 0;
  for (int i = 0; i < 1000; ++i) {
    auto tree = tree_at(folder);
    EXPECT_TRUE(tree) << tree.error().what;
    for (const auto& [path, link] : tree ? tree->names.all() : NoNames()) {
      ++read;
      empty += link.target.empty() ? 1 : 0;
    }
  }
  end = true;
  changes.join();
  fs::remove_all(folder);
  EXPECT_GT(read, 0);
  EXPECT_EQ(empty, 0);
}

}  // namespace
}  // namespace faultrig
