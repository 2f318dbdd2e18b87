// Packages that are swept one after another, told as one.
#include "harness/sweep/all_sweeps.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/campaign/frame.h"
#include "harness/campaign/package_list.h"
#include "harness/report/sweep_report.h"
#include "harness/sweep/site_outcome.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Verdict = SiteSweep::Verdict;

SiteSweep swept(const std::string& what, SiteOutcome outcome) {
  SiteSweep sweep;
  sweep.asked.what = what;
  CallSite site;
  site.id = "9ca1db57fa30c793";
  site.call = "fsync";
  site.owner = CallOwner::program;
  sweep.sites = {site};
  SitePoint point;
  point.point.error = EIO;
  point.outcome = outcome;
  point.times = {{outcome, 1}};
  sweep.points = {point};
  sweep.calls = 3;
  sweep.swept = 1;
  conclude_sweep(sweep);
  return sweep;
}

// Its tests make no call in question.
SiteSweep idle(const std::string& what) {
  SiteSweep sweep;
  sweep.asked.what = what;
  conclude_sweep(sweep);
  return sweep;
}

SiteSweeps together(std::vector<SiteSweep> sweeps) {
  SiteSweeps all;
  all.what = "./...";
  all.sweeps = std::move(sweeps);
  conclude_sweeps(all);
  return all;
}

TEST(AllSweeps, HaveTheFindingsOfEach) {
  SiteSweeps all = together(
      {swept("a", SiteOutcome::surfaced), swept("b", SiteOutcome::swallowed)});
  EXPECT_EQ(all.verdict, Verdict::findings);
  EXPECT_EQ(all.because, "1 of 2 points are findings");
}

TEST(AllSweeps, CannotTellWhereOneCannot) {
  SiteSweep broken = idle("b");
  broken.trouble = "go test -c: b.go:1: expected 'package'";
  conclude_sweep(broken);
  SiteSweeps all = together({swept("a", SiteOutcome::surfaced), broken});
  EXPECT_EQ(all.verdict, Verdict::could_not_tell);
  EXPECT_THAT(all.because, HasSubstr("b: go test -c: b.go:1"));
  all = together({swept("a", SiteOutcome::hung), broken});
  EXPECT_EQ(all.verdict, Verdict::findings);
  EXPECT_THAT(all.because, HasSubstr("1 of 1 points are findings; b: go test"));
}

TEST(AllSweeps, CannotTellWhereOneWasNotBegun) {
  SiteSweeps all = together({swept("a", SiteOutcome::surfaced)});
  EXPECT_EQ(all.verdict, Verdict::clean);
  all.not_begun = {"b"};
  conclude_sweeps(all);
  EXPECT_EQ(all.verdict, Verdict::could_not_tell);
  EXPECT_THAT(sweep_text(all, false), HasSubstr("not begun  b\n"));
}

TEST(AllSweeps, AreCleanBesideAPackageThatAsksForNothing) {
  SiteSweeps all = together({swept("a", SiteOutcome::surfaced), idle("b")});
  all.untested = {"c"};
  conclude_sweeps(all);
  EXPECT_EQ(all.verdict, Verdict::clean);
  EXPECT_THAT(sweep_text(all, false), HasSubstr("no tests   c\n"));
}

TEST(AllSweeps, SayNothingWhereNothingWasSwept) {
  EXPECT_EQ(together({idle("a"), idle("b")}).verdict, Verdict::could_not_tell);
  SiteSweeps none = together({});
  none.untested = {"a"};
  conclude_sweeps(none);
  EXPECT_EQ(none.verdict, Verdict::could_not_tell);
  EXPECT_EQ(none.because, "no package has tests");
}

TEST(AllSweeps, SayOfEachPointInJsonWhatItIsOf) {
  nlohmann::json told = nlohmann::json::parse(
      sweep_json(together({swept("a", SiteOutcome::surfaced),
                           swept("b", SiteOutcome::swallowed)})));
  EXPECT_EQ(told["points"][0]["of"], "a");
  EXPECT_EQ(told["points"][1]["of"], "b");
  EXPECT_EQ(told["sites"][1]["of"], "b");
  EXPECT_EQ(told["packages"][1]["verdict"], "findings");
  EXPECT_EQ(told["golden"]["calls"], 6);
  EXPECT_EQ(told["counts"]["swallowed"], 1);
  EXPECT_EQ(told["verdict"], "findings");
}

TEST(AllSweeps, MissOnlyWhatNoneOfThemHasMet) {
  AllowedFinding known{"9ca1db57", "", SiteOutcome::hung, "x"};
  SiteSweep met = swept("a", SiteOutcome::hung);
  SiteSweep other = swept("b", SiteOutcome::surfaced);
  met.allowed = {known, {"aaaaaaaa", "", SiteOutcome::hung, "y"}};
  other.allowed = met.allowed;
  conclude_sweep(met);
  SiteSweeps all = together({other, met});
  ASSERT_EQ(all.gone().size(), 1U);
  EXPECT_EQ(all.gone()[0].site, "aaaaaaaa");
  EXPECT_THAT(sweep_text(all, false),
              HasSubstr("outcomes   surfaced 1, allowed 1\n"));
  all.not_begun = {"c"};
  EXPECT_THAT(all.gone(), IsEmpty());
}

std::vector<std::string> names(const Result<std::vector<FoundPackage>>& found) {
  std::vector<std::string> out;
  for (const FoundPackage& one : found.value()) {
    out.push_back(one.what + (one.has_tests ? "" : " untested"));
  }
  return out;
}

TEST(Packages, AreReadAsGoListHasThem) {
  EXPECT_THAT(names(read_packages("./...",
                                  "1\t0\tx.org/a\t\t/src/a\n"
                                  "0\t2\tx.org/b\t\"cannot load\"\t/src/b\n"
                                  "0\t0\tx.org/c\t\"no Go files\"\t/src/c\n")),
              ElementsAre("x.org/a", "x.org/b", "x.org/c untested"));
  EXPECT_THAT(names(read_packages("./a", "1\t0\tx.org/a\t\t/src/a\n")),
              ElementsAre("./a"));
}

TEST(Packages, AreAnErrorWhereAWordMeansNone) {
  EXPECT_THAT(read_packages("./x/...", "").error().what,
              HasSubstr("no package matches ./x/..."));
  EXPECT_THAT(
      read_packages("fsink", "0\t0\tfsink\t\"is not in std\"\t\n").error().what,
      HasSubstr("no package fsink: \"is not in std\""));
}

TEST(Packages, AreAskedForAgainWhereAWorkerWasLost) {
  PackageList list("/src", {"./a/...", "./b/..."}, {});
  Task first = *list.next();
  Task second = *list.next();
  EXPECT_FALSE(list.next());
  list.take_back(first);
  EXPECT_EQ(list.left(), 1U);
  EXPECT_EQ(list.next()->number, first.number);
  list.learned(first, frame_text({{0}, "1\t0\tx/a\t\t/src/a\n"}));
  list.learned(second, frame_text({{0}, "1\t0\tx/a\t\t/src/a\n"}));
  EXPECT_THAT(names(list.packages()), ElementsAre("x/a"));
}

TEST(Packages, AreAnErrorWhereGoFailed) {
  PackageList list("/src", {"./a/..."}, {"-tags=x"});
  Task task = *list.next();
  EXPECT_THAT(task.order, HasSubstr("-tags=x"));
  list.learned(task, frame_text({{1}, "go list: no such directory"}));
  EXPECT_THAT(list.packages().error().what, HasSubstr("no such directory"));
}

}  // namespace
}  // namespace faultrig
