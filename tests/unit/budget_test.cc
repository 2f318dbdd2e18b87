// What a run whose time is short does first, and what it leaves out.
#include "harness/campaign/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/campaign/run_source.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"

namespace faultrig {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;

std::vector<Entry> entries(const std::vector<std::string>& names) {
  std::vector<Entry> out(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    out[i].plan.scenario.name = names[i];
  }
  return out;
}

Judgement earlier(const std::string& name, Verdict verdict, int took,
                  const Apart& apart = {}) {
  Judgement out;
  out.scenario = name;
  out.verdict = verdict;
  out.took = seconds(took);
  out.apart = apart;
  return out;
}

std::vector<std::string> names(const std::vector<Entry>& some) {
  std::vector<std::string> out;
  for (const Entry& entry : some) {
    out.push_back(entry.plan.scenario.name);
  }
  return out;
}

TEST(Budget, SpendsItselfOnWhatFailedThenOnWhatWasNotRunThenOnTheQuick) {
  std::vector<Judgement> last{
      earlier("fails_slowly", Verdict::error, 9),
      earlier("fails", Verdict::fail, 2),
      earlier("left_out", Verdict::skipped, 0, {"no time left", ""}),
      earlier("known", Verdict::fail, 1, {"", "in quarantine"}),
      earlier("passes", Verdict::pass, 3),
      earlier("cannot_run", Verdict::skipped, 0)};
  EXPECT_THAT(names(by_worth(entries({"cannot_run", "fails", "fails_slowly",
                                      "known", "left_out", "new", "passes"}),
                             last)),
              ElementsAre("fails", "fails_slowly", "left_out", "new",
                          "cannot_run", "known", "passes"));
}

TEST(Budget, TakesWhatFailedOnceOfManyForOneThatFailed) {
  std::vector<Judgement> last{earlier("a", Verdict::pass, 1),
                              earlier("flaky", Verdict::pass, 1),
                              earlier("flaky", Verdict::inconclusive, 1)};
  EXPECT_THAT(names(by_worth(entries({"a", "flaky"}), last)),
              ElementsAre("flaky", "a"));
}

TEST(Budget, KeepsTheOrderWhereNothingIsKnown) {
  EXPECT_THAT(names(by_worth(entries({"a", "b", "c"}), {})),
              ElementsAre("a", "b", "c"));
}

TEST(Budget, IsReadAsATimeThatIsNotNone) {
  auto budget = parse_budget("1.5m");
  ASSERT_TRUE(budget);
  EXPECT_EQ(budget->time, seconds(90));
  for (const char* text : {"", "5", "0s", "-1s", "soon", "5m 3s"}) {
    EXPECT_FALSE(parse_budget(text)) << text;
  }
}

TEST(Budget, HasNoTimeLeftWhenItIsOver) {
  Budget budget{seconds(60), "60s"};
  auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(budget.from(now)(), "");
  EXPECT_EQ(budget.from(now - seconds(61))(), "no time left in --budget 60s");
  EXPECT_EQ(Budget().from(now - seconds(61))(), "");
}

class Silent : public Sink<Judgement> {
 public:
  void result(const Judgement&) override {}
};

TEST(Budget, BeginsNothingMoreAndSaysWhy) {
  std::vector<Entry> all = entries({"a", "b", "c"});
  Silent sink;
  std::string why;
  RunSource source(all, {.stop = [&] { return why; }}, sink);
  Task first = source.next().value();
  why = "no time left";
  EXPECT_FALSE(source.next());
  why = "";
  EXPECT_FALSE(source.next()) << "it begins again";
  source.learned(first, answer_text({}, {}));
  EXPECT_EQ(source.stopped(), "no time left");
  std::vector<Judgement> rest = source.not_run(source.stopped());
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].scenario, "b");
  EXPECT_EQ(rest[0].apart.not_run, "no time left");
}

TEST(Budget, ThatIsOverAtTheEndLeavesNothingOut) {
  std::vector<Entry> all = entries({"a"});
  Silent sink;
  std::string why;
  RunSource source(all, {.stop = [&] { return why; }}, sink);
  source.next();
  why = "no time left";
  EXPECT_FALSE(source.next());
  EXPECT_EQ(source.stopped(), "");
}

TEST(Budget, ThatWasForNothingIsNoPass) {
  Judgement left_out = earlier("a", Verdict::skipped, 0, {"no time", ""});
  EXPECT_EQ(exit_code_of({left_out}), kNothingRan);
  EXPECT_EQ(exit_code_of({left_out, earlier("b", Verdict::pass, 1)}), 0);
  EXPECT_EQ(exit_code_of({left_out, earlier("b", Verdict::fail, 1)}), 1);
  EXPECT_EQ(exit_code_of({}), 0);
}

}  // namespace
}  // namespace faultrig
