// A text is a number as a whole, or it is none.
#include "harness/base/whole_number.h"

#include <cstdint>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(WholeNumber, IsAllOfTheText) {
  EXPECT_EQ(whole_number<int>("0"), 0);
  EXPECT_EQ(whole_number<int>("-3"), -3);
  EXPECT_EQ(whole_number<std::uint32_t>("c0000005", 16), 0xc0000005);
  for (const char* none : {"", "1.20", "20x", " 1", "1 ", "+1", "0x10", "x"}) {
    EXPECT_EQ(whole_number<int>(none), std::nullopt) << none;
  }
}

TEST(WholeNumber, FitsItsType) {
  EXPECT_EQ(whole_number<int>("2147483648"), std::nullopt);
  EXPECT_EQ(whole_number<std::size_t>("-1"), std::nullopt);
}

}  // namespace
}  // namespace faultrig
