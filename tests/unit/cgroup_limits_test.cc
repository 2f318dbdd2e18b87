#include "harness/os/cgroup_limits.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(CgroupLimits, AreNotSetInANewGroup) {
  for (const char* file : {"memory.max", "memory.high", "pids.max",
                           "hugetlb.2MB.max", "memory.swap.max"}) {
    EXPECT_TRUE(is_unset(file, "max")) << file;
    EXPECT_FALSE(is_unset(file, "4096")) << file;
    EXPECT_FALSE(is_unset(file, "0")) << file;
  }
  EXPECT_TRUE(is_unset("cpu.max", "max 100000"));
  EXPECT_FALSE(is_unset("cpu.max", "50000 100000"));
  EXPECT_TRUE(is_unset("io.max", ""));
  EXPECT_FALSE(is_unset("io.max", "8:0 rbps=1048576 wbps=max"));
  EXPECT_TRUE(is_unset("rdma.max", "mlx4_0 hca_handle=max hca_object=max"));
  EXPECT_FALSE(is_unset("rdma.max", "mlx4_0 hca_handle=2 hca_object=max"));
  EXPECT_TRUE(is_unset("cpu.weight", "100"));
  EXPECT_FALSE(is_unset("cpu.weight", "50"));
  EXPECT_FALSE(is_unset("memory.low", "1048576"));
  EXPECT_FALSE(is_unset("cpuset.cpus", "0-1"));
}

TEST(CgroupLimits, AreNotReadFromWhatOnlyTells) {
  for (const char* file : {"memory.current", "pids.peak", "cgroup.procs",
                           "cpu.stat", "cpuset.cpus.effective"}) {
    EXPECT_TRUE(is_unset(file, "17")) << file;
  }
}

TEST(CgroupLimits, AreComparedByWhatTheyAllow) {
  EXPECT_EQ(lower_limit("max", "300"), "300");
  EXPECT_EQ(lower_limit("300", "max"), "300");
  EXPECT_EQ(lower_limit("300", "40"), "40");
  EXPECT_EQ(lower_limit("50000 100000", "200000 1000000"), "200000 1000000");
  EXPECT_EQ(lower_limit("max 100000", "max 1000"), "max 100000");
}

}  // namespace
}  // namespace faultrig
