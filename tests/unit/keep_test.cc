#include "harness/store/keep.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(Keep, GivesAScenarioTheFolderOfItsName) {
  EXPECT_EQ(folder_for("memory/killed_by_oom"), "memory/killed_by_oom");
  EXPECT_EQ(folder_for("stdout"), "stdout");
}

TEST(Keep, LetsNoNameLeadElsewhere) {
  EXPECT_EQ(folder_for(".."), "_..");
  EXPECT_EQ(folder_for("."), "_.");
  EXPECT_EQ(folder_for(""), "_");
  EXPECT_EQ(folder_for("a/../../etc"), "a/_../_../etc");
  EXPECT_EQ(folder_for("/etc/passwd"), "etc/passwd");
  EXPECT_EQ(folder_for("a//b/"), "a/b");
  EXPECT_LE(folder_for(std::string(300, 'x')).size(), 255U);
}

TEST(Keep, LetsNoNameTakeTheFilesOfAnother) {
  EXPECT_EQ(folder_for("a/stdout"), "a/stdout~");
  EXPECT_EQ(folder_for("a/evidence.jsonl"), "a/evidence.jsonl~");
  EXPECT_EQ(folder_for("a/plan.txt.new"), "a/plan.txt.new~");
  EXPECT_EQ(folder_for("a/repeat-2"), "a/repeat-2~");
  EXPECT_EQ(folder_for("a/crash"), "a/crash~");
  EXPECT_EQ(folder_for("crash/a"), "crash/a");
  EXPECT_EQ(folder_for("a/repeat-two"), "a/repeat-two");
}

TEST(Keep, GivesTwoOfOneNameTwoFolders) {
  std::set<std::string> taken;
  EXPECT_EQ(own_folder_for("x", taken), "x");
  EXPECT_EQ(own_folder_for("x", taken), "x~2");
  EXPECT_EQ(own_folder_for("x~2", taken), "x~2~2");
  EXPECT_EQ(own_folder_for("x", taken), "x~3");
}

}  // namespace
}  // namespace faultrig
