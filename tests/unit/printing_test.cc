#include "harness/cli/printing.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

// An option's value may have been pasted from anywhere.
TEST(Complaints, ReachNoTerminalUnescaped) {
  testing::internal::CaptureStderr();
  complain("faultrig: no such file: \x1b[31mred\x1b[0m\tb\nc\xff\n");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "faultrig: no such file: \\x1b[31mred\\x1b[0m\tb\nc\xef\xbf\xbd\n");
}

}  // namespace
}  // namespace faultrig
