#include "harness/os/vdso_image.h"

#include <sys/auxv.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "harness/os/notify.h"

namespace faultrig {
namespace {

// That of this machine, one page or two.
std::string own_image() {
  std::uint64_t base = getauxval(AT_SYSINFO_EHDR);
  std::string image;
  for (std::size_t page = 0; base != 0 && page < 2; ++page) {
    constexpr std::size_t kPage = 4096;
    auto bytes = read_memory(getpid(), base + page * kPage, kPage);
    image += bytes ? *bytes : "";
  }
  return image;
}

TEST(VdsoImage, HasTheClockAndRoomForAnother) {
  std::string image = own_image();
  if (image.empty()) {
    GTEST_SKIP() << "needs a vDSO";
  }
  auto places = places_of_vdso(image);
  ASSERT_TRUE(places) << places.error().what;
  EXPECT_LT(places->clock_gettime, image.size());
  EXPECT_NE(places->clock_gettime, places->gettimeofday);
  EXPECT_NE(places->time, places->gettimeofday);
  EXPECT_GE(places->room_size, 256U);
  EXPECT_EQ(places->room % 16, 0U);
  auto room = room_of_vdso(image.substr(0, 64));
  ASSERT_TRUE(room);
  EXPECT_EQ(room->room, places->room);
}

TEST(VdsoImage, IsNeverBelieved) {
  std::string image = own_image();
  for (std::size_t size = 0; size < image.size(); size += 7) {
    EXPECT_FALSE(places_of_vdso(image.substr(0, size)) &&
                 size < places_of_vdso(image)->room);
  }
  for (std::size_t at = 0; at < image.size(); ++at) {
    for (char wrong : {'\0', '\x7f', '\xff'}) {
      std::string other = image;
      other[at] = wrong;
      auto places = places_of_vdso(other);
      if (places) {
        EXPECT_LE(places->room + places->room_size, other.size());
        EXPECT_LT(places->clock_gettime, other.size());
      }
    }
  }
  EXPECT_FALSE(places_of_vdso(""));
}

TEST(VdsoImage, IsLeftByAJumpForthAndBack) {
  EXPECT_EQ(jump_between(0x100, 0x200), std::string("\xe9\xfb\0\0\0", 5));
  EXPECT_EQ(jump_between(0x200, 0x100), std::string("\xe9\xfb\xfe\xff\xff", 5));
}

}  // namespace
}  // namespace faultrig
