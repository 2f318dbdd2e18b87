#include "harness/base/characters.h"

#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace faultrig {
namespace {

TEST(Characters, AreNotCut) {
  const std::string_view text = "a\xC3\xA9\xE2\x82\xAC";  // 1, 2 and 3 bytes
  for (auto [most, left] : {std::pair(0U, 0U),
                            {1U, 1U},
                            {2U, 1U},
                            {3U, 3U},
                            {4U, 3U},
                            {5U, 3U},
                            {6U, 6U},
                            {7U, 6U}}) {
    EXPECT_EQ(first_characters(text, most).size(), left) << most;
  }
}

}  // namespace
}  // namespace faultrig
