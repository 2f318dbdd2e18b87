// Reports of parts, read and joined.
#include "harness/report/merged.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/report.h"

namespace faultrig {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Judgement judged(const std::string& name, Verdict verdict) {
  Judgement out;
  out.scenario = name;
  out.file = name + ".yaml";
  out.verdict = verdict;
  return out;
}

KeptReport part(int index, const std::string& name) {
  KeptReport out;
  out.file = "r" + std::to_string(index) + ".json";
  out.faultrig = "1.2";
  out.started = "2024-01-0" + std::to_string(index) + "T00:00:00Z";
  out.took = seconds(index);
  out.shard = {index, 3, 3, "abc"};
  out.scenarios = {judged(name, Verdict::pass)};
  return out;
}

std::vector<KeptReport> parts() {
  return {part(1, "a"), part(2, "b"), part(3, "c")};
}

std::string error_of(const std::vector<KeptReport>& parts) {
  auto merged = merge_reports(parts);
  return merged ? "" : merged.error().what;
}

TEST(Merge, JoinsThePartsOfARun) {
  auto some = parts();
  some[0].chosen = some[1].chosen = {"3 of 40"};
  some[2].chosen = {"3 of 40", "not known of c"};
  auto merged = merge_reports(some);
  ASSERT_TRUE(merged);
  EXPECT_EQ(merged->scenarios.size(), 3U);
  EXPECT_EQ(merged->incomplete, "");
  EXPECT_EQ(merged->started, "2024-01-01T00:00:00Z");
  EXPECT_EQ(merged->took, seconds(3));
  EXPECT_THAT(merged->chosen, ElementsAre("3 of 40", "not known of c"));
}

TEST(Merge, RefusesPartsThatWereSharedOutInAnotherWay) {
  auto some = parts();
  some[2] = part(3, "a");
  EXPECT_THAT(error_of(some), HasSubstr("a.yaml is in r3.json and in another"));
  some[2] = part(3, "c");
  some[2].scenarios.clear();
  EXPECT_THAT(error_of(some), HasSubstr("the parts have 2 scenarios of 3"));
}

TEST(Merge, RefusesPartsThatWereRepeatedMoreOftenThanOthers) {
  auto some = parts();
  some[1].scenarios.push_back(some[1].scenarios.front());
  some[1].scenarios.back().repeat = 1;
  EXPECT_THAT(error_of(some), HasSubstr("another number of times"));
}

TEST(KeptReport, HasAListThatItsTotalsAgreeWith) {
  std::vector<Judgement> all{judged("a", Verdict::fail),
                             judged("b", Verdict::pass)};
  std::string text =
      whole_report(*find_report("json"), ReportStyle(), {all, seconds(1), ""});
  EXPECT_TRUE(parse_report(text, "r.json"));
  nlohmann::json json = nlohmann::json::parse(text);
  json["scenarios"].erase(0);
  auto shorter = parse_report(json.dump(), "r.json");
  ASSERT_FALSE(shorter);
  EXPECT_EQ(shorter.error().what,
            "r.json: its totals are not those of its scenarios");
  json["scenarios"] = nullptr;
  EXPECT_FALSE(parse_report(json.dump(), "r.json"));
}

TEST(Merge, NamesWhatIsMissing) {
  EXPECT_EQ(merge_reports({part(2, "b")})->incomplete,
            "shards 1, 3 of 3 are missing");
  auto some = parts();
  some.pop_back();
  some[0].cut_short = "interrupted by SIGTERM";
  EXPECT_EQ(merge_reports(some)->incomplete,
            "shard 1: interrupted by SIGTERM; shard 3 of 3 is missing");
}

TEST(Merge, RefusesWhatIsNoPartOfTheSameRun) {
  EXPECT_THAT(error_of({}), HasSubstr("no report"));
  auto some = parts();
  some[2] = part(2, "b");
  some[2].file = "copy.json";
  EXPECT_EQ(error_of(some), "r2.json and copy.json are both shard 2 of 3");
  some = parts();
  some[1].faultrig = "1.3";
  EXPECT_EQ(error_of(some),
            "the version of r1.json is 1.2, of r2.json it is "
            "1.3");
  some = parts();
  some[1].seed = 9;
  EXPECT_THAT(error_of(some), HasSubstr("the seed of r1.json is 1"));
  some = parts();
  some[1].shard.of = 4;
  EXPECT_THAT(error_of(some),
              HasSubstr("the number of shards of r1.json is 3"));
  some = parts();
  some[1].shard.set = "other";
  EXPECT_THAT(error_of(some), HasSubstr("different sets of scenarios"));
  some = parts();
  some[0].shard = {};
  EXPECT_THAT(error_of({some[0]}), HasSubstr("a whole run, no part"));
}

TEST(KeptReport, IsReadAsItWasWritten) {
  ReportStyle style;
  style.seed = 7;
  style.started = "2024-05-06T07:08:09Z";
  style.shard = {2, 3, 9, "abc"};
  style.chosen = {"1 of 2"};
  Judgement left = judged("b", Verdict::skipped);
  left.apart.not_run = "interrupted";
  std::vector<Judgement> all{judged("a", Verdict::fail), left};
  all[0].printed.out = "out";
  all[0].faults = {{"signal", 2}};
  std::string text = whole_report(*find_report("json"), style,
                                  {all, seconds(5), "interrupted"});
  auto read = parse_report(text, "r.json");
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(read->seed, 7U);
  EXPECT_EQ(read->shard, style.shard);
  EXPECT_EQ(read->took, seconds(5));
  EXPECT_EQ(read->cut_short, "interrupted: 1 of 2 scenarios were not run");
  EXPECT_EQ(whole_report(*find_report("json"), style,
                         {read->scenarios, seconds(5), "interrupted"}),
            text);
}

TEST(KeptReport, IsRefusedWhereItIsNone) {
  for (const char* text : {"", "[]", "{}", "{\"format\": \"x\"}",
                           "{\"format\": 1}", "{\"format\": 2}"}) {
    auto read = parse_report(text, "r.json");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::usage);
    EXPECT_THAT(read.error().what, HasSubstr("r.json is "));
  }
}

}  // namespace
}  // namespace faultrig
