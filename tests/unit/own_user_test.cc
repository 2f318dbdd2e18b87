// What refuses an ordinary user a namespace, by the settings of a machine.
#include "harness/os/own_user.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "harness/os/scratch.h"

namespace faultrig {
namespace {

std::string refusal_of(const std::string& path, const std::string& text) {
  TempDir sysctls = make_scratch(owner_name() + ".sysctls").value();
  std::filesystem::path file = sysctls.path() / path;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
  return refusal_of_own_user(sysctls.path().string());
}

TEST(OwnUser, IsRefusedByASettingThatHasAName) {
  EXPECT_EQ(refusal_of("kernel/apparmor_restrict_unprivileged_userns", "1\n"),
            "kernel.apparmor_restrict_unprivileged_userns=0");
  EXPECT_EQ(refusal_of("kernel/unprivileged_userns_clone", "0\n"),
            "kernel.unprivileged_userns_clone=1");
  EXPECT_EQ(refusal_of("user/max_user_namespaces", "0\n"),
            "user.max_user_namespaces=10000");
}

TEST(OwnUser, IsRefusedByNoOther) {
  EXPECT_EQ(refusal_of("kernel/apparmor_restrict_unprivileged_userns", "0\n"),
            "");
  EXPECT_EQ(refusal_of("kernel/unprivileged_userns_clone", "1\n"), "");
  EXPECT_EQ(refusal_of("user/max_user_namespaces", "63000\n"), "");
  EXPECT_EQ(refusal_of("kernel/ostype", "Linux\n"), "");
}

}  // namespace
}  // namespace faultrig
