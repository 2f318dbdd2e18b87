#include "harness/os/cgroup_mounts.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

constexpr const char* kHybrid =
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
    "41 31 0:38 /a/b /mnt/with\\040blank rw shared:9 - cgroup2 cgroup2 rw\n";

TEST(CgroupMounts, AreFoundAmongOthers) {
  auto mounts = cgroup_mounts_in(kHybrid);
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].point, "/sys/fs/cgroup/memory");
  EXPECT_FALSE(mounts[0].v2);
  EXPECT_EQ(mounts[1].root, "/a/b");
  EXPECT_EQ(mounts[1].point, "/mnt/with blank");
  EXPECT_TRUE(mounts[1].v2);
}

TEST(CgroupMounts, NameOurGroupByController) {
  constexpr const char* kOwn =
      "9:name=systemd:/x\n4:cpu,memory:/job:1\n0::/unified\n";
  EXPECT_EQ(own_group_in(kOwn, "memory"), "/job:1");
  EXPECT_EQ(own_group_in(kOwn, ""), "/unified");
  EXPECT_EQ(own_group_in(kOwn, "freezer"), "/");
  EXPECT_EQ(own_group_in("", ""), "/");
}

TEST(CgroupMounts, ShowAGroupBelowWhatIsMounted) {
  CgroupMount whole{"/", "/sys/fs/cgroup", true};
  EXPECT_EQ(folder_in(whole, "/"), "/sys/fs/cgroup");
  EXPECT_EQ(folder_in(whole, "/a/b"), "/sys/fs/cgroup/a/b");
  CgroupMount part{"/docker/1", "/sys/fs/cgroup", true};
  EXPECT_EQ(folder_in(part, "/docker/1"), "/sys/fs/cgroup");
  EXPECT_EQ(folder_in(part, "/docker/1/job"), "/sys/fs/cgroup/job");
}

TEST(CgroupMounts, TellWhetherTheyAreOfOurNamespace) {
  EXPECT_FALSE(is_foreign({"/", "/sys/fs/cgroup", true}));
  EXPECT_FALSE(is_foreign({"/..docker", "/sys/fs/cgroup", true}));
  EXPECT_TRUE(is_foreign({"/..", "/sys/fs/cgroup", true}));
  EXPECT_TRUE(is_foreign({"/../..", "/sys/fs/cgroup", true}));
}

// `/..` is what a process outside its cgroup namespace sees of itself: taken
// literally it would name /sys/fs.
TEST(CgroupMounts, NeverLeadOutOfTheMount) {
  CgroupMount whole{"/", "/sys/fs/cgroup", true};
  EXPECT_EQ(folder_in(whole, "/.."), "/sys/fs/cgroup");
  EXPECT_EQ(folder_in(whole, "/../other"), "/sys/fs/cgroup");
  CgroupMount part{"/docker/1", "/sys/fs/cgroup", true};
  EXPECT_EQ(folder_in(part, "/docker/12"), "/sys/fs/cgroup");
}

}  // namespace
}  // namespace faultrig
