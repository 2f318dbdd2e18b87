// A sweep in SARIF, read back as code scanning reads it.
#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/report/sweep_report.h"
#include "harness/sweep/all_sweeps.h"

namespace faultrig {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

SiteSweep swept() {
  SiteSweep sweep;
  CallSite site;
  site.id = "51a2c636";
  site.call = "fsync";
  site.frames = {{"shop/store.(*DB).Close", "/repo/my store/db.go", 187}};
  CallSite outside = site;
  outside.id = "8c25a4ce";
  outside.frames = {{"lib.F", "/go/pkg/lib.go", 9}};
  CallSite blind;
  blind.call = "write";
  sweep.sites = {site, outside, blind};
  auto add = [&](std::size_t at, SiteOutcome outcome, Each each) {
    SitePoint point;
    point.point = {at, EIO, each};
    point.outcome = outcome;
    point.because = "it passed \xff\n\x1b[31m";
    sweep.points.push_back(point);
  };
  add(0, SiteOutcome::swallowed, Each::once);
  add(0, SiteOutcome::swallowed, Each::from_then_on);
  add(1, SiteOutcome::hung, Each::once);
  add(1, SiteOutcome::surfaced, Each::from_then_on);
  add(2, SiteOutcome::failed, Each::once);
  sweep.points[2].allowed = "known";
  return sweep;
}

TEST(Sarif, HasEachFindingAtItsLine) {
  json read = json::parse(sweep_sarif(lone_sweep(swept()), "/repo"));
  EXPECT_EQ(read["version"], "2.1.0");
  const json& results = read["runs"][0]["results"];
  ASSERT_EQ(results.size(), 3U);
  const json& first = results[0];
  EXPECT_EQ(first["ruleId"], "faultrig/swallowed");
  const json& place = first["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "my%20store/db.go");
  EXPECT_EQ(place["region"]["startLine"], 187);
  EXPECT_THAT(first["message"]["text"].get<std::string>(),
              HasSubstr("fsync EIO (once): it passed"));
  EXPECT_EQ(
      results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
      "file:///go/pkg/lib.go");
  EXPECT_TRUE(results[2]["locations"].empty());
}

TEST(Sarif, NamesARuleForEachResult) {
  json read = json::parse(sweep_sarif(lone_sweep(swept()), "/repo"));
  std::set<std::string> rules;
  for (const json& rule : read["runs"][0]["tool"]["driver"]["rules"]) {
    rules.insert(rule["id"]);
  }
  for (const json& result : read["runs"][0]["results"]) {
    EXPECT_EQ(rules.count(result["ruleId"]), 1U);
  }
}

TEST(Sarif, HasAResultForEachOutcomeThatIsAFinding) {
  for (std::size_t i = 0; i < kSiteOutcomes; ++i) {
    SiteSweep sweep = swept();
    sweep.points.resize(1);
    sweep.points[0].outcome = static_cast<SiteOutcome>(i);
    json read = json::parse(sweep_sarif(lone_sweep(sweep), "/repo"));
    EXPECT_EQ(read["runs"][0]["results"].size(),
              is_finding(sweep.points[0].outcome) ? 1U : 0U)
        << outcome_name(sweep.points[0].outcome);
  }
}

TEST(Sarif, SuppressesWhatABaselineAllows) {
  json read = json::parse(sweep_sarif(lone_sweep(swept()), "/repo"));
  const json& results = read["runs"][0]["results"];
  EXPECT_FALSE(results[0].contains("suppressions"));
  EXPECT_EQ(results[1]["suppressions"][0]["justification"], "known");
}

TEST(Sarif, SaysThatASweepWasCutShort) {
  SiteSweep sweep = swept();
  auto whole = [&] {
    json read = json::parse(sweep_sarif(lone_sweep(sweep), "/repo"));
    return read["runs"][0]["invocations"][0]["executionSuccessful"];
  };
  EXPECT_EQ(whole(), false);
  sweep.verdict = SiteSweep::Verdict::findings;
  EXPECT_EQ(whole(), true);
  sweep.left = 3;
  EXPECT_EQ(whole(), false);
}

}  // namespace
}  // namespace faultrig
