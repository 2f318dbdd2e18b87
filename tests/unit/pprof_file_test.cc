// Profiles of anybody's making.
#include "harness/profile/pprof_file.h"

#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/fd.h"
#include "harness/profile/gunzip.h"
#include "harness/profile/pprof_writer.h"
#include "harness/report/flame.h"
#include "tests/source_dir.h"
#include "tests/unit/profile_image.h"

namespace faultrig {
namespace {

using ::testing::HasSubstr;

// `cpu` in nanoseconds, a sample each 10 ms.
ProfileImage sampled() {
  ProfileImage image;
  image.type("samples", "count").type("cpu", "nanoseconds");
  image.period("nanoseconds", 10'000'000);
  return image;
}

Profile read(const ProfileImage& image) {
  auto profile = read_profile(image.file());
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().what);
  return profile ? *profile : Profile();
}

std::string refusal(const std::string& file) {
  auto profile = read_profile(file);
  return profile ? "read" : profile.error().what;
}

// Written by go test of Go 1.26: a mutex that ten goroutines wanted.
std::string of_go() {
  auto file = read_regular_file(
      source_dir() + "/tests/unit/testdata/go1.26_mutex.pb.gz", 1 << 20);
  EXPECT_TRUE(file);
  return file ? *file : "";
}

TEST(PprofFile, ReadsWhatGoWrites) {
  auto profile = read_profile(of_go());
  ASSERT_TRUE(profile) << profile.error().what;
  EXPECT_EQ(profile->type, "delay");
  EXPECT_EQ(profile->unit, "nanoseconds");
  EXPECT_EQ(profile->each, 0);
  EXPECT_GT(profile->total, 0);
  EXPECT_THAT(folded_stacks(*profile), HasSubstr("spends.(*Journal).Append"));
}

TEST(PprofFile, ReadsWhatWeWrite) {
  Profile made;
  made.type = "cpu";
  made.unit = "nanoseconds";
  made.each = 10'101'010;
  made.lasted = std::chrono::seconds(2);
  made.functions = {"main.f", "main.g", "[kernel]"};
  made.stacks = {{{2, 0, 1}, 30'303'030}, {{1}, 10'101'010}};
  auto file = write_profile(made);
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->starts_with("\x1f\x8b"));
  auto profile = read_profile(*file);
  ASSERT_TRUE(profile) << profile.error().what;
  EXPECT_EQ(profile->type, "cpu");
  EXPECT_EQ(profile->each, made.each);
  EXPECT_EQ(profile->lasted, made.lasted);
  EXPECT_EQ(profile->total, 40'404'040);
  EXPECT_EQ(folded_stacks(*profile),
            "main.g 10101010\nmain.g;main.f;[kernel] 30303030\n");
}

TEST(PprofFile, TakesTheLastValueOrTheOneThatIsNamed) {
  ProfileImage image = sampled().function(1, "main.f").sample({1}, {3, 30});
  EXPECT_EQ(read(image).type, "cpu");
  EXPECT_EQ(read(image).total, 30);
  EXPECT_EQ(read(image).each, 10'000'000);
  std::uint64_t samples = image.string("samples");
  image.add(ProfileImage::number(14, samples));
  EXPECT_EQ(read(image).type, "samples");
  EXPECT_EQ(read(image).total, 3);
  EXPECT_EQ(read(image).each, 0) << "its unit is another one";
}

TEST(PprofFile, JoinsWhatWentThroughTheSameFunctions) {
  ProfileImage image = sampled().function(1, "main.f").function(2, "main.g");
  image.sample({1, 2}, {1, 10}).sample({2}, {1, 50}).sample({1, 2}, {1, 5});
  EXPECT_EQ(folded_stacks(read(image)), "main.g 50\nmain.g;main.f 15\n");
  EXPECT_EQ(read(image).stacks.front().value, 50);
}

TEST(PprofFile, ReadsInlinedFunctionsAndThoseWithoutAName) {
  ProfileImage image = sampled().function(1, "main.f").function(2, "main.g");
  std::string both = ProfileImage::bytes(4, ProfileImage::number(1, 1)) +
                     ProfileImage::bytes(4, ProfileImage::number(1, 2));
  image.add(ProfileImage::bytes(4, ProfileImage::number(1, 7) + both));
  image.add(ProfileImage::bytes(4, ProfileImage::number(1, 8)));
  image.sample({7, 8}, {1, 10});
  Profile profile = read(image);
  EXPECT_EQ(folded_stacks(profile), "(unknown);main.g;main.f 10\n");
  EXPECT_NE(profile.stack(profile.stacks.front(), 9).unknown, "");
  EXPECT_EQ(profile.stack(profile.stacks.front(), 2).frames.size(), 2U);
}

TEST(PprofFile, TakesNumbersOneByOneToo) {
  ProfileImage image = sampled().function(1, "main.f");
  std::string sample = ProfileImage::number(1, 1) + ProfileImage::number(2, 2) +
                       ProfileImage::number(2, 20);
  EXPECT_EQ(read(image.add(ProfileImage::bytes(2, sample))).total, 20);
}

TEST(PprofFile, RefusesWhatNamesWhatItHasNot) {
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal("hello"), HasSubstr("damaged"));
  EXPECT_THAT(refusal(ProfileImage().file()), HasSubstr("no profile"));
  EXPECT_THAT(refusal(sampled().sample({9}, {1, 1}).file()),
              HasSubstr("a location"));
  EXPECT_THAT(refusal(sampled().function(1, "f").sample({1}, {1}).file()),
              HasSubstr("fewer values"));
  ProfileImage nameless = sampled();
  nameless.add(ProfileImage::bytes(
      4, ProfileImage::number(1, 1) +
             ProfileImage::bytes(4, ProfileImage::number(1, 5))));
  EXPECT_THAT(refusal(nameless.sample({1}, {1, 1}).file()),
              HasSubstr("a function"));
  ProfileImage wordless = sampled();
  wordless.add(ProfileImage::bytes(1, ProfileImage::number(1, 77)));
  EXPECT_THAT(refusal(wordless.file()), HasSubstr("a string"));
}

TEST(PprofFile, NeitherAddsUpBeyondItsNumbersNorBelowNothing) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  ProfileImage image = sampled().function(1, "main.f").function(2, "main.g");
  image.sample({1}, {1, kMost}).sample({2}, {1, kMost}).sample({1}, {1, 1});
  EXPECT_EQ(read(image).total, kMost);
  ProfileImage below = sampled().function(1, "main.f");
  below.sample({1}, {1, static_cast<std::uint64_t>(-5)});
  EXPECT_EQ(read(below).total, 0);
  EXPECT_TRUE(read(below).stacks.empty());
}

TEST(PprofFile, SaysThatAFileIsCutWhereverItIs) {
  std::string whole = of_go();
  ASSERT_GT(whole.size(), 100U);
  for (std::size_t size = 2; size < whole.size(); ++size) {
    EXPECT_NE(refusal(whole.substr(0, size)), "read") << size;
  }
  EXPECT_THAT(refusal(whole.substr(0, whole.size() / 2)), HasSubstr("is cut"));
}

TEST(PprofFile, OutlivesEachByteThatIsAnotherOne) {
  auto whole = gunzip(of_go(), 1 << 20);
  ASSERT_TRUE(whole);
  for (std::size_t at = 0; at < whole->size(); ++at) {
    for (int flip : {0x01, 0x80, 0xff}) {
      std::string damaged = *whole;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      auto profile = read_profile(damaged);
      EXPECT_TRUE(!profile || profile->total >= 0);
    }
  }
}

TEST(PprofFile, DoesNotTakeABombApart) {
  EXPECT_THAT(gunzip(of_go(), 100).error().what, HasSubstr("more than"));
}

// Of two processes that wrote it, each over the other's.
TEST(PprofFile, IsOfOneProcessAlone) {
  EXPECT_THAT(refusal(of_go() + "end"), HasSubstr("more than one wrote it"));
  EXPECT_THAT(refusal(of_go() + of_go()), HasSubstr("more than one wrote it"));
}

// The word of each is compared with the one that is the default.
TEST(PprofFile, CountsSixteenThingsAtMost) {
  ProfileImage kinds = sampled();
  for (int i = 0; i < 20; ++i) {
    kinds.add(ProfileImage::bytes(1, ProfileImage::number(1, 1)));
  }
  EXPECT_THAT(refusal(kinds.file()), HasSubstr("more than 16 things"));
}

// One string names many functions, and each keeps a copy.
TEST(PprofFile, KeepsNamesOf64MiBAtMost) {
  ProfileImage image = sampled();
  std::string name =
      ProfileImage::number(2, image.string(std::string(1024, 'x')));
  for (std::uint64_t i = 0; i <= 65'536; ++i) {
    std::string id = ProfileImage::number(1, i);
    image.add(ProfileImage::bytes(5, id + name));
    image.add(ProfileImage::bytes(4, id + ProfileImage::bytes(4, id)));
    image.sample({i}, {1, 1});
  }
  EXPECT_THAT(refusal(image.file()), HasSubstr("names are too long"));
}

TEST(Flame, LetsNoNameEndALineOrATag) {
  ProfileImage image = sampled();
  image.function(1, "main.f;g\n<script>\x1b[31m").sample({1}, {1, 10});
  std::string folded = folded_stacks(read(image));
  EXPECT_EQ(folded, "main.f_g\\n<script>\\x1b[31m 10\n");
  std::string svg = flame_svg(read(image), "a & <b>");
  EXPECT_EQ(svg.find("<script>"), svg.npos);
  EXPECT_EQ(svg.find('\x1b'), svg.npos);
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;"));
  EXPECT_THAT(svg, HasSubstr("a &amp; &lt;b&gt;"));
}

TEST(Flame, DrawsEachFunctionAsWideAsItsShare) {
  ProfileImage image = sampled().function(1, "main.f").function(2, "main.g");
  image.sample({1, 2}, {1, 75}).sample({2}, {1, 25});
  std::string svg = flame_svg(read(image), "x");
  EXPECT_THAT(svg, HasSubstr("main.g: 0 ms, 100.00%</title><rect x=\"10.00\" "
                             "width=\"1180.00\""));
  EXPECT_THAT(svg, HasSubstr("main.f: 0 ms, 75.00%</title><rect x=\"305.00\" "
                             "width=\"885.00\""));
}

TEST(Flame, DrawsNothingOfNothing) {
  EXPECT_THAT(flame_svg(read(sampled()), "x"), HasSubstr("</svg>"));
  EXPECT_EQ(folded_stacks(read(sampled())), "");
}

}  // namespace
}  // namespace faultrig
