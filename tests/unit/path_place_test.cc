// Where a path is, by its name alone.
#include "harness/base/path_place.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(PathPlace, IsBelowAFolder) {
  EXPECT_TRUE(is_below("/run/x.sock", "/run"));
  EXPECT_TRUE(is_below("a/b/c", "a"));
  EXPECT_FALSE(is_below("/run", "/run"));
  EXPECT_FALSE(is_below("/running/x", "/run"));
  EXPECT_FALSE(is_below("/x", ""));
  EXPECT_FALSE(is_below("", "/run"));
}

TEST(PathPlace, IsOfTheKernelWhereNoDiskIs) {
  for (const char* path : {"/proc/self/maps", "/sys/x", "/dev/null"}) {
    EXPECT_TRUE(is_of_kernel(path)) << path;
  }
  for (const char* path : {"/dev/shm/x", "/process/x", "/run/proc/x", ""}) {
    EXPECT_FALSE(is_of_kernel(path)) << path;
  }
}

}  // namespace
}  // namespace faultrig
