#include "harness/base/folder_paths.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

namespace fs = std::filesystem;

TEST(FolderPaths, AreInTheOrderOfNames) {
  std::string name = fs::temp_directory_path() / "folder-paths-XXXXXX";
  const fs::path folder = mkdtemp(name.data());
  fs::create_directory(folder / "b");
  std::ofstream(folder / ".c") << "";
  fs::create_symlink("nowhere", folder / "a");
  auto paths = paths_in(folder);
  fs::remove_all(folder);
  ASSERT_TRUE(paths);
  EXPECT_THAT(*paths,
              testing::ElementsAre(folder / ".c", folder / "a", folder / "b"));
}

TEST(FolderPaths, BelowAFolderAreThoseWithTheEnding) {
  std::string name = fs::temp_directory_path() / "folder-paths-XXXXXX";
  const fs::path folder = mkdtemp(name.data());
  fs::create_directories(folder / "b" / "a.json");
  fs::create_directory_symlink("b", folder / "link");
  for (const char* file : {"z.json", ".json", "b/y.json", "b/a.json/x.json5"}) {
    std::ofstream(folder / file) << "";
  }
  auto paths = paths_below(folder, ".json");
  fs::remove_all(folder);
  ASSERT_TRUE(paths);
  EXPECT_THAT(*paths,
              testing::ElementsAre(folder / "b/a.json", folder / "b/y.json",
                                   folder / "z.json"));
  EXPECT_FALSE(paths_below(folder, ".json"));
}

TEST(FolderPaths, OfNoFolderAreAnErrorThatNamesIt) {
  auto none = paths_in("/proc/version");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().what,
            "read the folder /proc/version: Not a directory");
  EXPECT_FALSE(paths_in(""));
}

}  // namespace
}  // namespace faultrig
