// What faultrig-timeline prints, read; of any bytes nothing worse than no.
#include "harness/timeline/timeline_lines.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const std::string kHead =
    R"({"is":"head","go":26,"from":1000,"to":9000,"events":7,"whole":true})";
const std::string kStack =
    R"({"is":"stack","id":1,"frames":[)"
    R"({"function":"sync.(*Mutex).Lock","file":"/go/mutex.go","line":45},)"
    R"({"function":"shop/orders.record","file":"/a/orders.go","line":7}]})";

std::string with_end(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    out += line + "\n";
  }
  return out + R"({"is":"end","lines":)" + std::to_string(lines.size()) + "}\n";
}

TEST(TimelineLines, TellOfWaits) {
  auto read = read_timeline(with_end(
      {kHead, kStack,
       R"({"is":"waits","on":"sync","word":"sync","stack":1,"times":3,)"
       R"("total":900,"longest":500,"at":2000,"g":7,"open":false,"by_g":8,)"
       R"("by":1})",
       R"({"is":"rest","times":4,"total":5,"longest":2})",
       R"({"is":"gc","what":"pause","times":2,"total":9,"longest":6,)"
       R"("at":3000})"}));
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->go, 26);
  EXPECT_EQ(read->to - read->from, 8000);
  EXPECT_EQ(read->cut, "");
  ASSERT_THAT(read->waits, SizeIs(1));
  const GoTimeline::Waits& one = read->waits.front();
  EXPECT_EQ(one.on, "sync");
  EXPECT_EQ(one.times, 3);
  EXPECT_EQ(one.longest, 500);
  EXPECT_EQ(one.waker, 8);
  EXPECT_EQ(one.by, "shop/orders.record");
  EXPECT_THAT(one.stack->frames, SizeIs(2));
  EXPECT_EQ(one.stack->unknown, "");
  EXPECT_EQ(read->more_waits, 4);
  EXPECT_EQ(read->longest_of_more, 2);
  ASSERT_THAT(read->collected, SizeIs(1));
  EXPECT_EQ(read->collected.front().longest, 6);
}

std::string step(const std::string& kind, const std::string& name, int stack) {
  return R"({"kind":")" + kind + R"(","name":")" + name + R"(","stack":)" +
         std::to_string(stack) + R"(,"at":2000})";
}

std::string steps(const std::string& all) {
  return R"({"is":"steps","g":7,"cut":false,"steps":[)" + all + "]}";
}

// Where a function goes on, it is not told again; a mark is.
TEST(TimelineLines, TellOfSteps) {
  auto read = read_timeline(with_end(
      {kHead, kStack,
       R"({"is":"stack","id":2,"frames":[{"function":"os.Open"}]})",
       steps(step("at", "", 1) + "," + step("at", "", 2) + "," +
             step("at", "", 1) + "," + step("region", "begin", 1) + "," +
             step("region", "begin", 1) + "," + step("at", "", 1))}));
  ASSERT_TRUE(read) << read.error().what;
  ASSERT_THAT(read->steps, SizeIs(1));
  const GoTimeline::Steps& all = read->steps.front();
  EXPECT_EQ(all.goroutine, 7);
  ASSERT_THAT(all.steps, SizeIs(3));
  EXPECT_EQ(all.steps[0].function, "shop/orders.record");
  EXPECT_EQ(all.steps[1].name, "begin");
  EXPECT_FALSE(all.cut);
}

TEST(TimelineLines, AreCutWhereAGoroutineTakesTooManySteps) {
  std::string many = step("log", "a", 1);
  for (std::size_t i = 0; i < kMostSteps; ++i) {
    many += "," + step("log", "a", 1);
  }
  auto read = read_timeline(with_end({kHead, kStack, steps(many)}));
  ASSERT_TRUE(read);
  ASSERT_THAT(read->steps, SizeIs(1));
  EXPECT_THAT(read->steps.front().steps, SizeIs(kMostSteps));
  EXPECT_TRUE(read->steps.front().cut);
}

TEST(TimelineLines, KeepNumbersWithinWhatTheyCanBe) {
  auto read = read_timeline(with_end(
      {kHead, R"({"is":"waits","on":"sync","stack":99,"times":-3,"total":1e99,)"
              R"("longest":18446744073709551615,"at":-5,"g":"x"})"}));
  ASSERT_TRUE(read);
  const GoTimeline::Waits& one = read->waits.front();
  EXPECT_EQ(one.times, 0);
  EXPECT_EQ(one.total, 0);
  EXPECT_EQ(one.longest, 0);
  EXPECT_EQ(one.at, 1000) << "no earlier than the trace";
  EXPECT_NE(one.stack->unknown, "") << "a stack that was not told";
}

TEST(TimelineLines, AreRefusedWhereTheyAreCutOrNotOurs) {
  std::string whole = with_end({kHead, kStack});
  EXPECT_TRUE(read_timeline(whole));
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    EXPECT_FALSE(read_timeline(whole.substr(0, size))) << size;
  }
  std::string deep(100'000, '[');
  for (const std::string& bad :
       {std::string("null"), std::string("\x80"), deep, std::string("{}"),
        std::string(R"({"is":"end","lines":0})"), kStack}) {
    EXPECT_FALSE(read_timeline(bad + "\n")) << bad.substr(0, 40);
    EXPECT_FALSE(read_timeline(with_end({kHead, bad, "{}"})));
  }
  for (const char* head : {R"({"is":"head","go":26,"from":9,"to":8})",
                           R"({"is":"head","go":-1,"from":1,"to":8})",
                           R"({"is":"head","go":26,"from":1})"}) {
    EXPECT_FALSE(read_timeline(with_end({head}))) << head;
  }
  EXPECT_FALSE(read_timeline(whole + "{}\n")) << "something behind the end";
}

TEST(TimelineLines, BecomeAPictureThatNoTerminalObeys) {
  auto read = read_timeline(with_end(
      {kHead, kStack,
       R"({"is":"waits","on":"sync","word":"\u001b[2J\u202e","stack":1,)"
       R"("times":1,"total":5,"longest":5,"at":2000,"g":7})",
       steps(step("region", "\\u001b]0;x\\u0007", 1))}));
  ASSERT_TRUE(read);
  std::string json = chrome_trace(*read);
  EXPECT_THAT(json, HasSubstr("traceEvents"));
  EXPECT_THAT(json, HasSubstr("in orders.record (orders.go:7)"));
  EXPECT_EQ(json.find('\x1b'), std::string::npos);
  EXPECT_EQ(json.find("\u202e"), std::string::npos);
}

}  // namespace
}  // namespace faultrig
