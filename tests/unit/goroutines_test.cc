#include "harness/report/goroutines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/goroutine_image.h"

namespace faultrig {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::uint32_t kRunnable = 1;
constexpr std::uint32_t kRunning = 2;
constexpr std::uint32_t kWaiting = 4;
constexpr std::uint32_t kDead = 6;
constexpr std::uint8_t kChanReceive = 3;

GoroutineImage two() {
  GoroutineImage image;
  image.goroutines = {GoroutineImage::goroutine(1, kRunnable, 0),
                      GoroutineImage::goroutine(7, kWaiting, kChanReceive)};
  return image;
}

TEST(LiveGoroutines, TellStateStackAndCreator) {
  auto look = two().look();
  ASSERT_TRUE(look) << look.error().what;
  ASSERT_EQ(look->goroutines.size(), 2U);
  EXPECT_EQ(look->go, "go1.26.8");
  const SeenGoroutine& second = look->goroutines.back();
  EXPECT_EQ(second.id, 7U);
  EXPECT_EQ(second.state, "chan receive");
  EXPECT_EQ(second.stack->unknown, "");
  EXPECT_EQ(second.stack->frames.front().function, "main.leaf");
  ASSERT_TRUE(second.created_by);
  EXPECT_EQ(second.created_by->function, "main.mid[...]");
  EXPECT_EQ(second.created_in, 1U);
  EXPECT_FALSE(look->goroutines.front().created_by);
}

TEST(LiveGoroutines, LeaveOutThoseThatHaveEnded) {
  GoroutineImage image = two();
  image.goroutines.push_back(GoroutineImage::goroutine(9, kDead, 0));
  auto look = image.look();
  ASSERT_TRUE(look) << look.error().what;
  EXPECT_EQ(look->goroutines.size(), 2U);
  EXPECT_EQ(look->unread, 0U);
}

TEST(LiveGoroutines, SayThatOneThatRunsHasItsStackElsewhere) {
  GoroutineImage image = two();
  image.goroutines.front() = GoroutineImage::goroutine(1, kRunning, 0);
  auto look = image.look();
  ASSERT_TRUE(look) << look.error().what;
  EXPECT_THAT(look->goroutines.front().stack->unknown, HasSubstr("it runs"));
  EXPECT_THAT(goroutines_text(*look, {}),
              HasSubstr("goroutine 1 [running]:\n\tgoroutine running on other "
                        "thread; stack unavailable\n"));
}

// A process that runs on: between two reads of a record it changes.
class Restless : public Memory {
 public:
  explicit Restless(PartMemory calm) : calm_(std::move(calm)) {}
  std::size_t read(std::uint64_t address, char* out,
                   std::size_t size) const override {
    std::size_t got = calm_.read(address, out, size);
    if (address == GoroutineImage::kGoroutine + GoroutineImage::kSize &&
        got > 191) {
      out[191] = static_cast<char>(++times_);
    }
    return got;
  }

 private:
  PartMemory calm_;
  mutable int times_ = 0;
};

TEST(LiveGoroutines, ThatNeverHoldStillAreTornAndHaveNoStack) {
  GoroutineImage image = two();
  Goroutines reader(std::make_shared<GoStacks>(image.file()));
  auto look = reader.look(Restless(image.process()), 0, std::nullopt);
  ASSERT_TRUE(look) << look.error().what;
  EXPECT_FALSE(look->goroutines.front().torn);
  EXPECT_TRUE(look->goroutines.back().torn);
  EXPECT_THAT(look->goroutines.back().stack->frames, IsEmpty());
  EXPECT_THAT(goroutine_remarks(*look),
              ElementsAre(HasSubstr("goroutine 7 is not known")));
}

TEST(LiveGoroutines, CountThoseThatCannotBeRead) {
  GoroutineImage image = two();
  image.length = 3;
  auto look = image.look();
  ASSERT_TRUE(look) << look.error().what;
  EXPECT_EQ(look->unread, 1U);
  EXPECT_THAT(goroutine_remarks(*look),
              ElementsAre(HasSubstr("1 goroutines are missing")));
}

TEST(LiveGoroutines, OfANewerGoAreReadOnlyIfAllOfThemLookRight) {
  GoroutineImage image = two();
  image.version = "go1.31.2";
  EXPECT_TRUE(image.look());
  image.goroutines.push_back(GoroutineImage::goroutine(7, kRunnable, 0));
  auto look = image.look();  // two of one number
  ASSERT_FALSE(look);
  EXPECT_THAT(look.error().what, HasSubstr("newer than what faultrig knows"));
}

TEST(LiveGoroutines, AreNoneWhereTheListIsNotFound) {
  GoroutineImage image = two();
  image.length = 0;
  auto look = image.look();
  ASSERT_FALSE(look);
  EXPECT_THAT(look.error().what, HasSubstr("list of goroutines"));
}

SeenGoroutine one_of(std::uint64_t id, const std::string& state) {
  SeenGoroutine out;
  out.id = id;
  out.state = state;
  out.stack = std::make_shared<const GoStack>(GoStack{
      {{"runtime.gopark", "/go/proc.go", 1}, {"main.f", "/m.go", 2}}, ""});
  out.created_by = GoFrame{"main.main", "/m.go", 9};
  out.created_in = 1;
  return out;
}

TEST(GoroutinesText, IsWrittenAsGoDoes) {
  GoroutineLook look;
  look.goroutines = {one_of(5, "chan receive")};
  look.goroutines[0].waited = std::chrono::minutes(3);
  look.goroutines[0].locked = true;
  EXPECT_EQ(goroutines_text(look, {}),
            "goroutine 5 [chan receive, 3 minutes, locked to thread]:\n"
            "main.f(...)\n\t/m.go:2\n"
            "created by main.main in goroutine 1\n\t/m.go:9\n");
}

TEST(GoroutinesText, HasEqualOnesOnceWhereAsked) {
  GoroutineLook look;
  look.goroutines = {one_of(5, "select"), one_of(6, "sleep"),
                     one_of(8, "sleep")};
  std::string text =
      goroutines_text(look, {.internal = false, .grouped = true});
  EXPECT_THAT(text, testing::StartsWith("2 goroutines [sleep]: 6 8\nmain.f"));
  EXPECT_THAT(text, HasSubstr("\n1 goroutine [select]: 5\n"));
}

TEST(GoroutinesText, HasTheRuntimesOwnOnlyWhereAsked) {
  GoroutineLook look;
  look.goroutines = {one_of(2, "GC worker (idle)")};
  look.goroutines[0].internal = true;
  EXPECT_EQ(goroutines_text(look, {}), "");
  EXPECT_THAT(goroutines_text(look, {.internal = true, .grouped = false}),
              HasSubstr("runtime.gopark(...)"));
}

TEST(GoroutinesText, IsSafeToPrint) {
  GoroutineLook look;
  look.goroutines = {one_of(2, "a\x1b[2J")};
  look.goroutines[0].created_by = GoFrame{"m\x1b]0;x\a", "/\n##[x", 1};
  EXPECT_THAT(goroutines_text(look, {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(goroutines_json(look, {}), Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace faultrig
