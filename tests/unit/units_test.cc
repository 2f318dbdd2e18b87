#include "harness/base/units.h"

#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(Units, ReadsSizesInBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_bytes("64MiB"), Bytes{64 << 20});
  EXPECT_EQ(parse_bytes("1GB"), Bytes{1000000000});
  EXPECT_EQ(parse_bytes("512"), Bytes{512});
  EXPECT_EQ(parse_bytes("512B"), Bytes{512});
  EXPECT_EQ(parse_bytes("0"), Bytes{0});
  EXPECT_EQ(parse_bytes("1TiB"), Bytes{1ULL << 40});
}

TEST(Units, RefusesSizesThatAreNone) {
  for (const char* text : {"", "MiB", "-1", "+1", "1.5MiB", "64 MiB", "64mib",
                           "64M", "0x10", "1MiBB", "18446744073709551616"}) {
    EXPECT_FALSE(parse_bytes(text)) << text;
  }
}

TEST(Units, RefusesSizesThatAnOffsetCannotHold) {
  EXPECT_TRUE(parse_bytes("9223372036854775807"));
  EXPECT_FALSE(parse_bytes("9223372036854775808"));
  EXPECT_TRUE(parse_bytes("8388607TiB"));
  EXPECT_FALSE(parse_bytes("8388608TiB"));
}

TEST(Units, SpellsSizesExactlyAndShort) {
  EXPECT_EQ(format_bytes(Bytes{64 << 20}), "64MiB");
  EXPECT_EQ(format_bytes(Bytes{1000}), "1000B");
  EXPECT_EQ(format_bytes(Bytes{0}), "0B");
  EXPECT_EQ(format_bytes(Bytes{1536}), "1536B");
}

TEST(Units, SizesSurviveSpellingAndReading) {
  for (std::uint64_t count :
       {0ULL, 1ULL, 1023ULL, 1024ULL, 3ULL << 30, (1ULL << 63) - 1}) {
    EXPECT_EQ(parse_bytes(format_bytes(Bytes{count})), Bytes{count}) << count;
  }
}

TEST(Units, ReadsTimesWithTheirUnit) {
  EXPECT_EQ(parse_duration("200ms"), milliseconds(200));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("2m"), seconds(120));
  EXPECT_EQ(parse_duration("24h"), hours(24));
  EXPECT_EQ(parse_duration("50us"), microseconds(50));
  EXPECT_EQ(parse_duration("10ns"), nanoseconds(10));
  EXPECT_EQ(parse_duration("0s"), nanoseconds(0));
}

TEST(Units, RefusesTimesThatAreNone) {
  for (const char* text : {"", "5", "-5s", "5 s", "1.s", ".5s", "1.5.5s", "5S",
                           "5sec", "25h", "1441m", "99999999999999999999s"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
}

TEST(Units, SpellsTimesExactly) {
  EXPECT_EQ(parse_duration(format_duration(milliseconds(1500))),
            milliseconds(1500));
  EXPECT_EQ(format_duration(milliseconds(200)), "200ms");
  EXPECT_EQ(format_duration(seconds(120)), "2m");
  EXPECT_EQ(format_duration(nanoseconds(1)), "1ns");
}

TEST(Units, ShowsElapsedTimesToPeople) {
  EXPECT_EQ(format_elapsed(milliseconds(412)), "412 ms");
  EXPECT_EQ(format_elapsed(milliseconds(1310)), "1.31 s");
}

TEST(Steps, HaveASignOrNone) {
  EXPECT_EQ(parse_step("-1h"), -hours(1));
  EXPECT_EQ(parse_step("+1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_step("876600h"), hours(876600));
  for (const char* text : {"876601h", "--1h", "-", "1", "- 1h", "+-1h", ""}) {
    EXPECT_FALSE(parse_step(text)) << text;
  }
  EXPECT_EQ(format_step(-hours(1)), "-1h");
  EXPECT_EQ(format_step(milliseconds(1500)), "1500ms");
}

}  // namespace
}  // namespace faultrig
