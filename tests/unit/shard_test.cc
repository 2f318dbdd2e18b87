// How a run is spread, without a word between the parts.
#include "harness/campaign/shard.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faultrig {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Entry> entries(int count) {
  std::vector<Entry> out(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    out[static_cast<std::size_t>(i)].plan.scenario.name =
        std::string(1, static_cast<char>('a' + i));
  }
  return out;
}

std::vector<std::string> names(const std::vector<Entry>& part) {
  std::vector<std::string> out;
  for (const Entry& entry : part) {
    out.push_back(entry.plan.scenario.name);
  }
  return out;
}

std::vector<std::string> part(int index, int of, int count,
                              const Timings& timings = {}) {
  Shard shard{index, of, 0, ""};
  return names(part_of(entries(count), timings, shard));
}

TEST(Shards, HoldEachScenarioOnce) {
  for (int of : {1, 3, 7, 30}) {
    std::multiset<std::string> all;
    for (int index = 1; index <= of; ++index) {
      std::vector<std::string> some =
          part(index, of, 26, {{"c", seconds(40)}, {"d", seconds(2)}});
      all.insert(some.begin(), some.end());
    }
    std::vector<std::string> whole = names(entries(26));
    EXPECT_EQ(all, std::multiset<std::string>(whole.begin(), whole.end()));
  }
}

TEST(Shards, KeepNeighboursApartWithoutTimings) {
  EXPECT_THAT(part(1, 3, 7), ElementsAre("a", "d", "g"));
  EXPECT_THAT(part(3, 3, 7), ElementsAre("c", "f"));
}

TEST(Shards, AreBalancedByWhatTheLastRunTook) {
  Timings timings{{"a", seconds(1)},
                  {"b", seconds(9)},
                  {"c", seconds(4)},
                  {"d", seconds(4)}};
  EXPECT_THAT(part(1, 2, 4, timings), ElementsAre("b"));
  EXPECT_THAT(part(2, 2, 4, timings), ElementsAre("a", "c", "d"));
}

TEST(Shards, TakeWhatNobodyTimedForTheMiddleOne) {
  Timings timings{{"a", seconds(5)}};
  EXPECT_THAT(part(1, 2, 4, timings), ElementsAre("a", "c"));
}

TEST(Shards, TellOfWhichWholeTheyAre) {
  Shard one{1, 2, 0, ""};
  Shard two{2, 2, 0, ""};
  Shard other{2, 2, 0, ""};
  part_of(entries(5), {}, one);
  part_of(entries(5), {}, two);
  part_of(entries(6), {}, other);
  EXPECT_EQ(one.scenarios, 5U);
  EXPECT_EQ(one.set, two.set);
  EXPECT_NE(one.set, other.set);
}

Shard parsed(const std::string& text,
             const std::vector<std::string>& environment = {}) {
  auto shard = parse_shard(text, environment);
  EXPECT_TRUE(shard) << shard.error().what;
  return shard.value_or(Shard{});
}

TEST(Shards, AreReadAsPeopleAndEnginesWriteThem) {
  EXPECT_EQ(parsed("2/5"), (Shard{2, 5, 0, ""}));
  using Environment = std::vector<std::string>;
  for (const Environment& environment :
       {Environment{"SLURM_ARRAY_TASK_ID=11", "SLURM_ARRAY_TASK_COUNT=5",
                    "SLURM_ARRAY_TASK_MIN=10"},
        Environment{"CI_NODE_INDEX=2", "CI_NODE_TOTAL=5"},
        Environment{"TEST_SHARD_INDEX=1", "TEST_TOTAL_SHARDS=5"},
        Environment{"BUILDKITE_PARALLEL_JOB=1",
                    "BUILDKITE_PARALLEL_JOB_COUNT=5"},
        Environment{"CIRCLE_NODE_INDEX=1", "CIRCLE_NODE_TOTAL=5"}}) {
    EXPECT_EQ(parsed("auto", environment), (Shard{2, 5, 0, ""}))
        << environment[0];
  }
  EXPECT_EQ(parsed("auto/5", {"JOB_COMPLETION_INDEX=1"}), (Shard{2, 5, 0, ""}));
}

TEST(Shards, ThatThereAreNotAreMistakes) {
  for (const char* text : {"", "0/3", "4/3", "1/0", "a/3", "1", "1/3x", "-1/3",
                           "auto", "auto/3", "1/99999999999"}) {
    EXPECT_FALSE(parse_shard(text, {})) << text;
  }
  auto past = parse_shard("auto", {"CI_NODE_INDEX=6", "CI_NODE_TOTAL=5"});
  ASSERT_FALSE(past);
  EXPECT_THAT(past.error().what, HasSubstr("no part 6 of 5"));
}

}  // namespace
}  // namespace faultrig
