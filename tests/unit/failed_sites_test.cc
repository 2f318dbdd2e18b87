// What a run of a scenario has made to fail.
#include "harness/sweep/failed_sites.h"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/trace_builder.h"

namespace faultrig {
namespace {

void synced(TraceBuilder& trace, const std::string& site, int fault) {
  trace.call("fsync", "/data/log", fault == kNoFault ? 0 : EIO);
  trace.parts.trace.back().site = site;
  trace.parts.trace.back().fault = fault;
}

TraceBuilder failing() {
  TraceBuilder trace;
  trace.fault("syscall");
  synced(trace, "9ca1db57fa30c793", 0);
  synced(trace, "9ca1db57fa30c793", 0);
  synced(trace, "0123456789abcdef", kNoFault);
  synced(trace, "", 0);
  return trace.took_effect(0);
}

TEST(FailedSites, AreThoseWhereAFaultMadeCallsFail) {
  SiteSweep seen = failed_sites(failing().exited("test", 0).evidence());
  ASSERT_EQ(seen.sites.size(), 1U);
  EXPECT_EQ(seen.sites[0].id, "9ca1db57fa30c793");
  ASSERT_EQ(seen.points.size(), 1U);
  EXPECT_TRUE(seen.points[0].hit);
  EXPECT_EQ(seen.points[0].point.error, EIO);
}

TEST(FailedSites, SurfacedOnlyWhereAFailureNamesTheError) {
  TraceBuilder silent = failing().exited("command", 1);
  EXPECT_EQ(failed_sites(silent.evidence()).points.at(0).outcome,
            SiteOutcome::unknown);
  TraceBuilder loud = failing().exited("command", 1);
  loud.parts.err = "sync: input/output error\n";
  EXPECT_EQ(failed_sites(loud.evidence()).points.at(0).outcome,
            SiteOutcome::surfaced);
  TraceBuilder passed = failing().exited("command", 0);
  passed.parts.err = "sync: input/output error\n";
  EXPECT_EQ(failed_sites(passed.evidence()).points.at(0).outcome,
            SiteOutcome::unknown);
}

}  // namespace
}  // namespace faultrig
