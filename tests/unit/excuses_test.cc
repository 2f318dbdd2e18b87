// What is known is told and is not red; what is new, or has had its time, is.
#include "harness/campaign/excuses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cli/output.h"
#include "harness/parse/quarantine_reader.h"
#include "harness/report/report.h"

namespace faultrig {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

Judgement judged(const std::string& name, Verdict verdict) {
  Judgement out;
  out.scenario = name;
  out.file = name + ".yaml";
  out.verdict = verdict;
  out.observed = "test exited 1";
  if (verdict != Verdict::pass) {
    out.findings = {{verdict, "trace 1: test exited 1", {1}, ""}};
  }
  return out;
}

Judgement excused(const std::string& name) {
  Judgement out = judged(name, Verdict::fail);
  out.apart.excused = "known: so it was in old.json";
  return out;
}

TEST(Baseline, ExcusesWhatWasSoBefore) {
  Excuses excuses;
  excuses.add_baseline({judged("a", Verdict::fail), judged("b", Verdict::pass)},
                       "old.json");
  auto why = [&](const std::string& name, Verdict verdict) {
    return excuses.looked_at(judged(name, verdict)).apart.excused;
  };
  EXPECT_EQ(why("a", Verdict::fail), "known: so it was in old.json");
  EXPECT_EQ(why("a", Verdict::error), "");
  EXPECT_EQ(why("a", Verdict::pass), "");
  EXPECT_EQ(why("b", Verdict::fail), "");
}

TEST(Baseline, ExcusesNoNamesakeAndNoOtherEnd) {
  Excuses excuses;
  excuses.add_baseline({judged("x", Verdict::fail)}, "old.json");
  Judgement namesake = judged("x", Verdict::fail);
  namesake.file = "elsewhere/x.yaml";
  EXPECT_EQ(excuses.looked_at(namesake).apart.excused, "");
  Judgement killed = judged("x", Verdict::fail);
  killed.observed = "test killed by SIGKILL";
  EXPECT_EQ(excuses.looked_at(killed).apart.excused, "");
}

TEST(Baseline, ExcusesNothingThatAlsoPassedThere) {
  Excuses excuses;
  excuses.add_baseline({judged("x", Verdict::fail), judged("x", Verdict::pass)},
                       "old.json");
  EXPECT_EQ(excuses.looked_at(judged("x", Verdict::fail)).apart.excused, "");
}

TEST(Quarantine, TellsNamesThatNoScenarioHas) {
  Excuses excuses;
  excuses.add_quarantine(
      {{"signal/*", "2024-06-30", "slow"}, {"signl/*", "2024-06-30", "slow"}},
      "2024-06-01");
  EXPECT_EQ(excuses.unknown({"signal/a"}), std::vector<std::string>{"signl/*"});
}

TEST(Quarantine, WantsADayOfTheCalendarAndAReason) {
  auto complaints = [](const std::string& until, const std::string& because) {
    return read_quarantine("quarantine: [{scenario: a, until: " + until +
                           ", because: " + because + "}]")
        .complaints.size();
  };
  EXPECT_EQ(complaints("2024-02-29", "slow"), 0U);
  EXPECT_EQ(complaints("2026-02-29", "slow"), 1U);
  EXPECT_EQ(complaints("2026-04-31", "slow"), 1U);
  EXPECT_EQ(complaints("2026-04-30", "' '"), 1U);
}

TEST(Quarantine, ExcusesUntilItsDayHasPassed) {
  std::vector<Quarantined> rows{{"signal/*", "2024-06-30", "slow"}};
  Judgement bad = judged("signal/a", Verdict::fail);
  for (const char* today : {"2024-06-29", "2024-06-30"}) {
    Excuses excuses;
    excuses.add_quarantine(rows, today);
    EXPECT_EQ(excuses.looked_at(bad).apart.excused,
              "in quarantine until 2024-06-30: slow");
    EXPECT_EQ(excuses.looked_at(judged("x", Verdict::fail)).apart.excused, "");
  }
  Excuses late;
  late.add_quarantine(rows, "2024-07-01");
  Judgement over = late.looked_at(bad);
  EXPECT_EQ(over.apart.excused, "");
  EXPECT_EQ(over.findings.back().because,
            "its quarantine ended on 2024-06-30: slow");
}

TEST(Quarantine, IsReadWithItsDays) {
  ReadQuarantine read = read_quarantine(
      "quarantine:\n  - {scenario: a/*, until: 2024-06-30, because: slow}\n");
  ASSERT_EQ(read.rows.size(), 1U);
  EXPECT_EQ(read.rows[0].until, "2024-06-30");
  EXPECT_TRUE(read.complaints.empty());
  for (const char* text :
       {"", "{", "[]", "quarantine: 3",
        "quarantine: [{scenario: a, until: 2024-13-01, because: x}]",
        "quarantine: [{scenario: a, until: 30.6.2024, because: x}]",
        "quarantine: [{scenario: a, because: x}]",
        "quarantine: [{scenario: a, until: 2024-01-01}]",
        "quarantine: [{name: a, until: 2024-01-01, because: x}]"}) {
    EXPECT_FALSE(read_quarantine(text).complaints.empty()) << text;
  }
}

TEST(Excused, IsToldInEveryReportAndRedInNone) {
  std::vector<Judgement> all{judged("a", Verdict::pass), excused("b")};
  EXPECT_EQ(exit_code_of(all), 0);
  auto report = [&](const char* name) {
    return whole_report(*find_report(name), {}, {all, milliseconds(5), ""});
  };
  std::string text = report("text");
  EXPECT_THAT(text, HasSubstr("FAIL  b"));
  EXPECT_THAT(text, HasSubstr("excused   known: so it was in old.json"));
  EXPECT_THAT(text, HasSubstr("1 passed, 1 excused in"));
  EXPECT_THAT(report("junit"),
              HasSubstr("failures=\"0\" errors=\"0\" skipped=\"1\""));
  EXPECT_THAT(report("junit"), HasSubstr("message=\"known: so it was in old."
                                         "json: trace 1: test exited 1\""));
  EXPECT_THAT(report("tap"), HasSubstr("not ok 2 - b # TODO known: so"));
  EXPECT_THAT(report("json"), HasSubstr("\"excused\": \"known: so"));
  EXPECT_THAT(report("json"), HasSubstr("\"fail\": 0"));
  EXPECT_THAT(report("github"), Not(HasSubstr("::error")));
  all.push_back(judged("c", Verdict::fail));
  EXPECT_EQ(exit_code_of(all), 1);
}

// Of a hundred that are known and one that is new the new one is looked for.
TEST(Excused, DoesNotHideWhatIsNewAtTheEnd) {
  std::vector<Judgement> all(100, excused("known"));
  all.push_back(judged("new", Verdict::fail));
  std::string text =
      whole_report(*find_report("text"), {}, {all, milliseconds(5), ""});
  std::string end = text.substr(text.find("did not pass:"));
  EXPECT_THAT(end, HasSubstr("FAIL  new"));
  EXPECT_THAT(end, Not(HasSubstr("FAIL  known")));
  EXPECT_THAT(end, HasSubstr("0 passed, 1 failed, 100 excused"));
}

TEST(Excused, IsNotTakenForSkipped) {
  Judgement skipped = judged("a", Verdict::skipped);
  EXPECT_EQ(exit_code_of({skipped}), 77);
  EXPECT_EQ(exit_code_of({excused("b")}), 0);
}

}  // namespace
}  // namespace faultrig
