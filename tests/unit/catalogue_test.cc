// Which files below a folder are taken for scenarios.
#include "harness/campaign/catalogue.h"

#include <filesystem>
#include <fstream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;

class Project : public testing::Test {
 protected:
  ~Project() override { fs::remove_all(root_); }

  void put(const std::string& name) {
    fs::create_directories((root_ / name).parent_path());
    std::ofstream(root_ / name) << "workload:\n";
  }

  static std::vector<std::string> names(const fs::path& path) {
    std::vector<std::string> out;
    auto found = find_scenarios({path.string()});
    if (found) {
      for (const ScenarioFile& file : *found) {
        out.push_back(file.name);
      }
    }
    return out;
  }

  fs::path root_ =
      fs::temp_directory_path() /
      ("faultrig-project-" + std::to_string(std::random_device{}()));
};

TEST_F(Project, KeepsItsHiddenFilesToItself) {
  put("scenarios/a.yaml");
  put(".github/workflows/ci.yml");
  put(".golangci.yml");
  put("scenarios/.draft.yaml");
  EXPECT_THAT(names(root_), ElementsAre("scenarios/a"));
}

TEST_F(Project, HasItsHiddenFilesReadWhereTheyAreNamed) {
  put(".draft.yaml");
  put(".faults/b.yaml");
  EXPECT_THAT(names(root_ / ".draft.yaml"), ElementsAre(".draft"));
  EXPECT_THAT(names(root_ / ".faults"), ElementsAre("b"));
}

}  // namespace
}  // namespace faultrig
