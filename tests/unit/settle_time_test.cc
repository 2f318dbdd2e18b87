// How long what a workload left may take to end.
#include "harness/run/settle_time.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::milliseconds;

TEST(SettleTime, GrowsWithTheCallsThatWaitedForUs) {
  EXPECT_EQ(settle_time(0), milliseconds(250));
  EXPECT_EQ(settle_time(100), milliseconds(750));
}

TEST(SettleTime, HasABoundForWhoGoesOnForEver) {
  EXPECT_EQ(settle_time(1000), settle_time(1'000'000));
  EXPECT_LT(settle_time(1'000'000), milliseconds(6000));
}

}  // namespace
}  // namespace faultrig
