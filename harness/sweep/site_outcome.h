#pragma once

#include <string>
#include <vector>

#include "harness/model/site_sweep.h"

namespace faultrig {

// What one try came to, and the line that says why.
struct SiteJudgement {
  SiteOutcome outcome = SiteOutcome::unknown;
  std::string because;
  // Of several test functions in which it failed, those that this is about;
  // empty: all.
  std::vector<std::string> tests = {};
  bool looked = false;  // look_again() saw more
};

// Of the try of a point at this site, beside runs without any fault. Pure.
SiteJudgement site_outcome(const SiteRun& run,
                           const std::vector<SiteRun>& recordings,
                           const CallSite& site, const FaultPoint& point);

// Of the same try in which all calls were told: what the program did that it
// does not do without the fault. A pass that was swallowed is handled if
// another call took the place of the one that failed at this site, which is of
// `golden`; not where it failed in several tests. Pure.
SiteJudgement look_again(const SiteJudgement& first, const SiteRun& run,
                         const CallSite& site,
                         const std::vector<CallSite>& golden);

// One site each of several recordings, in the order of the first, then what the
// others add.
std::vector<CallSite> joined_sites(const std::vector<SiteRun>& recordings);

// The points of a sweep, what matters most first: of the program's own sites,
// or, where no stack is known, of all.
std::vector<FaultPoint> site_points(const SweepAsked& asked,
                                    const std::vector<CallSite>& sites);

// Fills in what follows from the rest: what is allowed, the verdict and why.
void conclude_sweep(SiteSweep& sweep);

}  // namespace faultrig
