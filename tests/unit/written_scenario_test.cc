#include "harness/cli/written_scenario.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTags = "tags: [sweep]\n";
constexpr const char* kNew = "about: \"new\"\ntags: [sweep]\nfaults: []\n";
constexpr const char* kOld = "about: \"old\"\ntags: [sweep]\nfaults: []\n";

class WrittenScenario : public testing::Test {
 protected:
  ~WrittenScenario() override { fs::remove_all(folder_); }

  void hold(const std::string& text) { std::ofstream(file_) << text; }
  std::string held() const {
    std::ifstream file(file_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool writes(std::string_view tags) const {
    auto written = write_scenario(file_, kNew, tags);
    EXPECT_TRUE(written || written.error().kind == ErrorKind::usage);
    return static_cast<bool>(written);
  }

  std::string name_ = fs::temp_directory_path() / "written-XXXXXX";
  fs::path folder_ = mkdtemp(name_.data());
  std::string file_ = scenario_file(folder_.string(), "1-one");
};

TEST_F(WrittenScenario, StandsWhereNothingWasOrTheSame) {
  EXPECT_EQ(fs::path(file_).filename(), "1-one.yaml");
  EXPECT_TRUE(writes(""));
  EXPECT_EQ(held(), kNew);
  EXPECT_TRUE(writes(""));
}

TEST_F(WrittenScenario, TakesThePlaceOfThatOfAnEarlierMap) {
  hold(kOld);
  EXPECT_TRUE(is_of_map(file_, kTags));
  EXPECT_FALSE(is_of_map(file_, "tags: [shutdown]\n"));
  EXPECT_FALSE(writes(""));
  EXPECT_FALSE(writes("tags: [shutdown]\n"));
  EXPECT_EQ(held(), kOld);
  EXPECT_TRUE(writes(kTags));
  EXPECT_EQ(held(), kNew);
}

TEST_F(WrittenScenario, LeavesAloneWhatOthersWrote) {
  for (const char* text :
       {"", "mine\n", "about: mine\ntags: [sweep]\n", "about: \"mine\"",
        "about: \"mine\"\nname: a\ntags: [sweep]\n"}) {
    hold(text);
    EXPECT_FALSE(writes(kTags));
    EXPECT_EQ(held(), text);
  }
}

TEST_F(WrittenScenario, FollowsNoLinkAndWaitsForNoPipe) {
  fs::path victim = folder_ / "victim";
  std::ofstream(victim) << kOld;
  fs::create_symlink(victim, file_);
  EXPECT_FALSE(is_of_map(file_, kTags));
  EXPECT_FALSE(writes(kTags));
  fs::remove(victim);
  EXPECT_FALSE(writes(kTags));
  EXPECT_FALSE(fs::exists(victim));
  fs::remove(file_);
  ASSERT_EQ(mkfifo(file_.c_str(), 0600), 0);
  EXPECT_FALSE(is_of_map(file_, kTags));
  EXPECT_FALSE(writes(kTags));
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_FALSE(writes(kTags));
}

}  // namespace
}  // namespace faultrig
