// A scenario has no recordings beside it: what a program printed may be what it
// always prints, and a call that was made again may be made twice anyway. Only
// a failure that names the error is believed.
#include "harness/sweep/failed_sites.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "harness/sweep/recorded_sites.h"
#include "harness/sweep/site_run.h"

namespace faultrig {

namespace {

bool has_failed(const SiteRun& run) {
  return run.end == SiteRun::End::failed || run.end == SiteRun::End::exited ||
         run.end == SiteRun::End::panicked;
}

SitePoint point_of(const Evidence& evidence, const CallSite& site,
                   std::size_t index, int error) {
  SiteRun run = tried_run(evidence, {site.call, site.id, error});
  SitePoint point;
  point.point = {.site = index, .error = error};
  point.hit = true;
  bool told = run.trouble.empty() && has_failed(run) && !run.said.empty();
  point.outcome = told ? SiteOutcome::surfaced : SiteOutcome::unknown;
  return point;
}

}  // namespace

SiteSweep failed_sites(const Evidence& evidence) {
  std::set<std::tuple<std::string, std::string, int>> failed;
  for (const Observation& seen : evidence.trace()) {
    bool ours = seen.fact == Fact::call_intercepted && seen.fault != kNoFault &&
                seen.error != 0;
    if (ours && !seen.site.empty()) {
      failed.insert({seen.call, seen.site, seen.error});
    }
  }
  SiteSweep out;
  for (const CallSite& site : recorded_sites(evidence)) {
    for (const auto& [call, id, error] : failed) {
      if (call != site.call || id != site.id || site.first != 1) {
        continue;
      }
      if (out.sites.empty() || out.sites.back().id != id) {
        out.sites.push_back(site);
      }
      out.points.push_back(
          point_of(evidence, site, out.sites.size() - 1, error));
    }
  }
  return out;
}

}  // namespace faultrig
