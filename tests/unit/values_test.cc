#include "harness/model/values.h"

#include <vector>

#include <gtest/gtest.h>

#include "harness/model/scenario.h"

namespace faultrig {
namespace {

std::vector<std::int64_t> selected(std::string_view text) {
  std::vector<std::int64_t> numbers;
  auto nth = parse_nth(text);
  for (std::int64_t number = 1; nth && number <= 10; ++number) {
    if (nth->selects(number)) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

TEST(Nth, SelectsWhatStraceWould) {
  using Numbers = std::vector<std::int64_t>;
  EXPECT_EQ(selected("3"), Numbers{3});
  EXPECT_EQ(selected("8+"), (Numbers{8, 9, 10}));
  EXPECT_EQ(selected("3+3"), (Numbers{3, 6, 9}));
  EXPECT_EQ(selected("4..6"), (Numbers{4, 5, 6}));
  EXPECT_EQ(selected("2..9+3"), (Numbers{2, 5, 8}));
  EXPECT_EQ(selected("5..5"), Numbers{5});
}

TEST(Nth, RefusesWhatIsNoSelection) {
  for (const char* text :
       {"", "0", "-1", "+", "3-", "3..", "3..2", "3+0", "3 +", "1..3+", "x",
        "3x", "1..0", "3++", "99999999999999999999"}) {
    EXPECT_FALSE(parse_nth(text)) << text;
  }
}

TEST(Nth, SpellsItselfAsItIsRead) {
  for (const char* text : {"3", "3+", "3+2", "3..9", "3..9+2", "1+"}) {
    EXPECT_EQ(parse_nth(text).value().text(), text);
  }
}

TEST(NumberTest, HoldsForTheNumbersItNames) {
  using Operator = NumberTest::Operator;
  EXPECT_TRUE((NumberTest{Operator::equal, 3}.holds(3)));
  EXPECT_FALSE((NumberTest{Operator::equal, 3}.holds(4)));
  EXPECT_TRUE((NumberTest{Operator::at_least, 3}.holds(3)));
  EXPECT_FALSE((NumberTest{Operator::at_least, 3}.holds(2)));
  EXPECT_TRUE((NumberTest{Operator::at_most, 3}.holds(3)));
  EXPECT_FALSE((NumberTest{Operator::at_most, 3}.holds(4)));
  EXPECT_TRUE((NumberTest{Operator::unequal, 3}.holds(4)));
  EXPECT_FALSE((NumberTest{Operator::unequal, 3}.holds(3)));
}

TEST(NumberTest, ReadsLikeASentence) {
  using Operator = NumberTest::Operator;
  EXPECT_EQ((NumberTest{Operator::equal, 3}.text()), "3");
  EXPECT_EQ((NumberTest{Operator::at_least, 3}.text()), "at least 3");
  EXPECT_EQ((NumberTest{Operator::at_most, 3}.text()), "at most 3");
  EXPECT_EQ((NumberTest{Operator::unequal, 3}.text()), "not 3");
}

TEST(Params, KnowsDefaultsFromWhatWasWritten) {
  Params params;
  params.set("max", Bytes{64}, {3, 5});
  params.set("swap", Bytes{0});
  EXPECT_TRUE(params.written("max"));
  EXPECT_FALSE(params.written("swap"));
  EXPECT_FALSE(params.written("nothing"));
  EXPECT_EQ(params.get<Bytes>("max"), Bytes{64});
  EXPECT_EQ(params.place("max").column, 5);
  EXPECT_EQ(params.find<bool>("max"), nullptr);
  EXPECT_EQ(params.get_or<bool>("group", true), true);
}

TEST(Params, TheLastValueOfAKeyCounts) {
  Params params;
  params.set("max", Bytes{1});
  params.set("max", Bytes{2}, {1, 1});
  EXPECT_EQ(params.get<Bytes>("max"), Bytes{2});
  EXPECT_TRUE(params.written("max"));
}

TEST(Workload, TheSameWorkHasTheSameKey) {
  Workload one;
  one.command = {"a", "b c"};
  Workload two = one;
  two.place = {9, 9};
  EXPECT_EQ(one.key(), two.key());
}

TEST(Workload, OtherWorkHasAnotherKey) {
  Workload words;
  words.command = {"a", "b", "c"};
  Workload glued;
  glued.command = {"a", "b c"};
  EXPECT_NE(words.key(), glued.key());

  Workload quick = words;
  quick.deadline = std::chrono::seconds(1);
  EXPECT_NE(words.key(), quick.key());
  Workload clean = words;
  clean.clean_env = true;
  EXPECT_NE(words.key(), clean.key());
  Workload go;
  go.go_test = GoTest{};
  Workload binary = go;
  binary.go_test->mode = GoTest::Mode::binary;
  EXPECT_NE(go.key(), binary.key());
}

TEST(Workload, MainLinkIsWhatFaultsHit) {
  Workload workload;
  EXPECT_EQ(workload.main_link(), Link::command);
  workload.go_test = GoTest{};
  EXPECT_EQ(workload.main_link(), Link::test);
}

TEST(Link, NamesAndLinksBelongTogether) {
  for (Link link : {Link::test, Link::go, Link::command}) {
    EXPECT_EQ(link_named(link_name(link)), link);
  }
  EXPECT_FALSE(link_named("shim"));
}

TEST(Trigger, ReadsAsInAPlan) {
  Trigger trigger;
  EXPECT_EQ(trigger.text(), "start");
  trigger.when = Trigger::When::after;
  trigger.params.set("after",
                     std::chrono::nanoseconds(std::chrono::milliseconds(200)));
  EXPECT_EQ(trigger.text(), "after 200ms");

  Trigger call{Trigger::When::call, {}};
  call.params.set("call", std::vector<std::string>{"openat", "open"});
  call.params.set("nth", *parse_nth("3+"));
  call.params.set("path", std::string("/etc/*"), Place{1, 1});
  EXPECT_EQ(call.text(), "call openat|open, nth 3+, path /etc/*");
}

}  // namespace
}  // namespace faultrig
