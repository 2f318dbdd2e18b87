// What share of the program's calls was made to fail, and what it came to.
#include "harness/report/error_coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/sweep_report.h"
#include "harness/sweep/all_sweeps.h"

namespace faultrig {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

class Coverage : public ::testing::Test {
 protected:
  CallSite& site(const std::string& id, const std::string& function,
                 const std::string& file, int line) {
    CallSite site;
    site.id = id;
    site.call = "fsync";
    site.owner = CallOwner::program;
    site.frames = {{function, file, line}};
    sweep_.sites.push_back(site);
    return sweep_.sites.back();
  }

  void point(std::size_t site, SiteOutcome outcome) {
    SitePoint point;
    point.point.site = site;
    point.outcome = outcome;
    point.times = {{outcome, 1}};
    sweep_.points.push_back(point);
  }

  std::vector<PackageCoverage> coverage() const {
    return error_coverage({&sweep_, 1});
  }
  std::string profile() const { return cover_profile({&sweep_, 1}); }

  SiteSweep sweep_;
};

TEST_F(Coverage, CountsASiteOnceByTheWorstOfItsPoints) {
  site("a", "x.org/shop/db.(*DB).Put", "/src/db/db.go", 4);
  site("b", "x.org/shop/db.Map[go.shape.int/x.y].Put", "/src/db/db.go", 9);
  site("c", "x.org/shop/db.Close", "/src/db/db.go", 12);
  site("d", "x.org/shop/db.Open", "/src/db/db.go", 15);
  point(0, SiteOutcome::surfaced);
  point(0, SiteOutcome::hung);
  point(1, SiteOutcome::handled);
  point(1, SiteOutcome::surfaced);
  point(2, SiteOutcome::runtime);
  EXPECT_THAT(coverage(),
              ElementsAre(PackageCoverage{"x.org/shop/db", 4, 3, 1, 0, 1}));
}

TEST_F(Coverage, CountsWhatScenariosMadeToFail) {
  site("a", "main.run", "/src/main.go", 4);
  site("b", "main.stop", "/src/main.go", 5);
  SiteSweeps all;
  all.sweeps = {sweep_};
  SiteSweep beside;
  beside.sites = {sweep_.sites[1]};
  beside.points.emplace_back();
  beside.points[0].hit = true;
  all.beside = {beside};
  EXPECT_THAT(error_coverage(all.covering()),
              ElementsAre(PackageCoverage{"main", 2, 1, 0, 0, 0}));
}

TEST_F(Coverage, TakesNoSiteForFailedWhoseCallWasNotMade) {
  site("a", "main.run", "/src/main.go", 4);
  site("b", "main.stop", "/src/main.go", 5);
  point(0, SiteOutcome::never);
  point(1, SiteOutcome::unknown);
  EXPECT_THAT(coverage(), ElementsAre(PackageCoverage{"main", 2, 0, 0, 0, 0}));
  EXPECT_EQ(coverage_text({&sweep_, 1}),
            "coverage   main: 0 of 2 sites (0 %) made to fail\n");
}

TEST_F(Coverage, IsOfThePackagesOfTheProgramAlone) {
  site("a", "gopkg.in/log%2ev2.New", "/mod/log.go", 1);
  site("b", "x.org/shop.TestIt", "/src/it_test.go", 2).owner = CallOwner::other;
  site("c", "runtime.read", "/go/os.go", 3).owner = CallOwner::runtime;
  site("", "", "", 0).frames.clear();
  sweep_.sites.back().owner = CallOwner::unknown;
  point(3, SiteOutcome::surfaced);
  EXPECT_THAT(coverage(),
              ElementsAre(PackageCoverage{"", 1, 1, 1, 0, 0},
                          PackageCoverage{"gopkg.in/log.v2", 1, 0, 0, 0, 0}));
  EXPECT_THAT(coverage_text({&sweep_, 1}),
              HasSubstr("calls without a known stack: 1 of 1 sites (100 %)"));
}

TEST_F(Coverage, JoinsWhatSeveralSweepsMadeFail) {
  site("a", "main.run", "/src/main.go", 4);
  std::vector<SiteSweep> sweeps{sweep_, sweep_};
  sweep_.sites.clear();
  site("b", "main.stop", "/src/main.go", 5);
  site("a", "main.run", "/src/main.go", 4);
  point(1, SiteOutcome::surfaced);
  sweeps[1] = sweep_;
  EXPECT_THAT(error_coverage(sweeps),
              ElementsAre(PackageCoverage{"main", 2, 1, 1, 0, 0}));
  std::swap(sweeps[0], sweeps[1]);
  EXPECT_THAT(error_coverage(sweeps),
              ElementsAre(PackageCoverage{"main", 2, 1, 1, 0, 0}));
}

TEST_F(Coverage, IsInTheReportForPrograms) {
  site("a", "main.run", "/src/main.go", 4);
  point(0, SiteOutcome::swallowed);
  nlohmann::json told =
      nlohmann::json::parse(sweep_json(lone_sweep(sweep_)))["coverage"][0];
  EXPECT_EQ(told["package"], "main");
  EXPECT_EQ(told["failed"], 1);
  EXPECT_EQ(told["findings"], 1);
}

// A line is one block however many calls it makes; cover wants them apart.
TEST_F(Coverage, IsAProfileOfLinesOfWhichAllSitesFailed) {
  site("a", "x.org/db.Put", "/src/my db/db.go", 4);
  site("b", "x.org/db.Put", "/src/my db/db.go", 4);
  site("c", "x.org/db.Get", "/src/my db/db.go", 30);
  point(0, SiteOutcome::surfaced);
  point(2, SiteOutcome::swallowed);
  EXPECT_EQ(profile(),
            "mode: set\n"
            "/src/my db/db.go:4.1,5.1 2 0\n"
            "/src/my db/db.go:30.1,31.1 1 1\n");
}

TEST_F(Coverage, TakesAnInlinedClosureOfTheLibraryForTheLineOfItsCaller) {
  CallSite& link =
      site("a", "x.org/db.Put.Symlink.func1", "/go/src/os/file_unix.go", 420);
  link.frames.push_back({"x.org/db.Put", "/src/db.go", 7});
  CallSite& own = site("b", "x.org/db.Get.func1", "/src/db.go", 20);
  own.frames.push_back({"x.org/db.Get", "/src/db.go", 19});
  EXPECT_EQ(profile(),
            "mode: set\n"
            "/src/db.go:7.1,8.1 1 0\n"
            "/src/db.go:20.1,21.1 1 0\n");
}

TEST_F(Coverage, NamesInAProfileOnlyWhatCanBeOpened) {
  CallSite& cgo = site("a", "x.org/db._Cfunc_fsync", "_cgo_gotypes.go", 51);
  cgo.frames.push_back({"x.org/db.Put", "/src/db.go", 7});
  site("b", "x.org/db.parse", "/src/grammar.y", 3);
  site("c", "lib.org/a/b.F", "lib.org/a@v1.2.0/b/b.go", 9);
  site("d", "x.org/db.(*T).F", "<autogenerated>", 1);
  EXPECT_EQ(profile(),
            "mode: set\n"
            "/src/db.go:7.1,8.1 1 0\n"
            "lib.org/a/b/b.go:9.1,10.1 1 0\n");
  EXPECT_THAT(profile(), Not(HasSubstr("grammar")));
}

}  // namespace
}  // namespace faultrig
