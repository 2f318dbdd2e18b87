// What the sources of a campaign give, and what they make of what they learn.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/atlas_source.h"
#include "harness/campaign/frame.h"
#include "harness/campaign/run_source.h"
#include "harness/report/atlas_text.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

template <typename Made>
class Kept : public Sink<Made> {
 public:
  void result(const Made& made) override { results.push_back(made); }
  std::vector<Made> results;
};

Entry entry(const std::string& name, const std::string& package,
            bool with_fault) {
  Entry out;
  Scenario& scenario = out.plan.scenario;
  scenario.name = name;
  scenario.file = name + ".yaml";
  scenario.workload.go_test = GoTest{};
  scenario.workload.go_test->packages = {package};
  if (with_fault) {
    scenario.faults.emplace_back();
  }
  return out;
}

std::string passed(const std::string& name) {
  ScenarioAnswer answer;
  answer.judgement.scenario = name;
  return answer_text({}, answer);
}

std::string golden(Golden how) {
  ScenarioTask task;
  task.golden = true;
  return answer_text(task, {{how, ""}, {}, {}});
}

std::vector<std::string> running(const RunSource& source) {
  std::vector<std::string> out;
  for (const Standing::Running& one : source.standing().running) {
    out.push_back(one.what);
  }
  return out;
}

// All that can be given now.
std::vector<Task> given(RunSource& source) {
  std::vector<Task> out;
  while (auto task = source.next()) {
    out.push_back(*task);
  }
  return out;
}

TEST(Campaign, RunsOneGoldenRunForAllWithTheSameWorkload) {
  std::vector<Entry> entries{entry("a", "./x", true), entry("b", "./x", true),
                             entry("c", "./y", true), entry("d", "./x", false)};
  Kept<Judgement> sink;
  RunSource source(entries, {}, sink);
  std::vector<Task> first = given(source);
  EXPECT_THAT(running(source),
              ElementsAre("a (golden run)", "c (golden run)", "d"));
  source.learned(first[0], golden(Golden::good));
  given(source);
  EXPECT_THAT(running(source), ElementsAre("c (golden run)", "d", "a", "b"));
}

TEST(Campaign, HandsOnWhatTheGoldenRunWasLike) {
  std::vector<Entry> entries{entry("a", "./x", true)};
  Kept<Judgement> sink;
  RunSource source(entries, {}, sink);
  source.learned(given(source).at(0), golden(Golden::good));
  auto task = parse_order(given(source).at(0).order);
  ASSERT_TRUE(task);
  EXPECT_FALSE(task->golden);
  EXPECT_EQ(task->result.golden, Golden::good);
}

TEST(Campaign, TellsOfAWorkerThatDiedAndGoesOn) {
  std::vector<Entry> entries{entry("a", "./x", false),
                             entry("b", "./x", false)};
  Kept<Judgement> sink;
  RunSource source(entries, {.repeat = 2}, sink);
  std::vector<Task> tasks = given(source);
  ASSERT_EQ(tasks.size(), 4U);
  source.learned(tasks[2], system_error("a worker of faultrig", 0));
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].verdict, Verdict::error);
  EXPECT_EQ(sink.results[0].scenario, "a");
  EXPECT_EQ(sink.results[0].repeat, 2);
  EXPECT_THAT(sink.results[0].findings.at(0).because, HasSubstr("a worker"));
}

TEST(Campaign, GivesAgainWhatWasTakenBack) {
  std::vector<Entry> entries{entry("a", "./x", true)};
  Kept<Judgement> sink;
  RunSource source(entries, {}, sink);
  source.take_back(given(source).at(0));
  source.learned(given(source).at(0), golden(Golden::good));
  source.take_back(given(source).at(0));
  EXPECT_EQ(source.left(), 1U);
  EXPECT_EQ(given(source).size(), 1U);
  EXPECT_TRUE(sink.results.empty());
}

TEST(Campaign, StopsEarlyAtTheFirstThatDoesNotPass) {
  std::vector<Entry> entries{entry("a", "./x", false), entry("b", "./x", false),
                             entry("c", "./x", false)};
  Kept<Judgement> sink;
  RunSource source(entries, {.stop_early = true}, sink);
  Task first = source.next().value();
  source.learned(first, passed("a"));
  Task second = source.next().value();
  source.learned(second, std::string("no judgement"));
  EXPECT_FALSE(source.next());
  ASSERT_EQ(sink.results.size(), 2U);
  EXPECT_EQ(sink.results[1].verdict, Verdict::error);
  EXPECT_THAT(sink.results[1].findings.at(0).because,
              HasSubstr("malformed: it is no JSON from byte 2 on"));
}

TEST(Campaign, SkipsOneThatCannotRunHereAndAsksAnother) {
  std::vector<Entry> entries{entry("a", "./x", true), entry("b", "./x", true)};
  Kept<Judgement> sink;
  RunSource source(entries, {}, sink);
  ScenarioTask asked;
  asked.golden = true;
  source.learned(given(source).at(0),
                 answer_text(asked, {{}, unsupported_error("a cgroup"), {}}));
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].verdict, Verdict::skipped);
  given(source);
  EXPECT_THAT(running(source), ElementsAre("b (golden run)"));
}

TEST(Campaign, GivesAnErrorOnlyToTheOneThatIsRefused) {
  std::vector<Entry> entries{entry("a", "./x", true), entry("b", "./x", true)};
  Kept<Judgement> sink;
  RunSource source(entries, {}, sink);
  ScenarioTask asked;
  asked.golden = true;
  source.learned(given(source).at(0),
                 answer_text(asked, {{}, system_error("a cap", EIO), {}}));
  ASSERT_EQ(sink.results.size(), 1U);
  EXPECT_EQ(sink.results[0].verdict, Verdict::error);
  EXPECT_THAT(sink.results[0].findings.at(0).because, HasSubstr("a cap"));
  given(source);
  EXPECT_THAT(running(source), ElementsAre("b (golden run)"));
}

TEST(Campaign, TellsTheRowsOfTheAtlasInTheOrderOfTheTable) {
  Cause first;
  first.id = "first";
  Cause second;
  second.id = "second";
  std::vector<const Cause*> chosen{&first, &second};
  Kept<AtlasRow> sink;
  AtlasSource source(chosen, sink);
  Task one = source.next().value();
  Task two = source.next().value();
  EXPECT_FALSE(source.next());
  AtlasRow row;
  row.cause = "second";
  source.learned(two, atlas_row_line(row));
  EXPECT_TRUE(sink.results.empty());
  source.learned(one, system_error("a worker died", 0));
  ASSERT_EQ(sink.results.size(), 2U);
  EXPECT_EQ(sink.results[0].cause, "first");
  EXPECT_THAT(sink.results[0].skipped, HasSubstr("a worker died"));
  EXPECT_EQ(sink.results[1].cause, "second");
}

TEST(Campaign, TakesAFrameApartAsItWasMade) {
  auto frame = parse_frame(frame_text({{3, -1}, "two\nlines\n"}), 2);
  ASSERT_TRUE(frame);
  EXPECT_THAT(frame->words, ElementsAre(3, -1));
  EXPECT_EQ(frame->rest, "two\nlines\n");
  EXPECT_FALSE(parse_frame("3 \n", 2));
}

}  // namespace
}  // namespace faultrig
