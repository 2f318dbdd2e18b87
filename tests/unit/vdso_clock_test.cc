#include "harness/os/vdso_clock.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::hours;
using std::chrono::nanoseconds;

// A read that began before a second step was set does not see that one.
TEST(AskedReads, SayWhatTheyWillAdd) {
  Notification read;
  read.args[4] = static_cast<std::uint64_t>(nanoseconds(hours(-1)).count());
  EXPECT_TRUE(will_add(read, hours(-1)));
  EXPECT_FALSE(will_add(read, hours(-1) + hours(2)));
  EXPECT_FALSE(will_add(read, nanoseconds(0)));
  read.args[4] = 6;
  EXPECT_TRUE(will_add(read, nanoseconds(7)));
}

}  // namespace
}  // namespace faultrig
