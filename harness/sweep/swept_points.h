#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/floors.h"
#include "harness/model/scenario.h"
#include "harness/model/shutdown_map.h"
#include "harness/model/site_sweep.h"
#include "harness/model/verdict.h"

namespace faultrig {

// What became of one point of a scenario's sweep, whatever it was over.
struct SweptPoint {
  std::string what;   // `fsync EIO`, `told at exec`
  std::string each;   // `once`; empty: of no such kind
  std::string where;  // `store.(*DB).Sync (db.go:80)`; empty: as `what` says
  SiteOutcome outcome = SiteOutcome::unknown;
  std::string because;
  bool allowed = false;  // it is known
  // Of what is expected of each run; the line of its place is which of that,
  // from 1, beside `sweep`; 0: none of it.
  std::vector<Finding> unmet;

  // `fsync EIO, once, in store.(*DB).Sync (db.go:80)`.
  std::string name() const { return name(each); }
  std::string name(const std::string& which) const;
};

struct SweptPoints {
  std::string trouble;  // why there are none; empty: there are
  std::vector<SweptPoint> points;
  std::size_t left = 0;  // that were not tried
  std::string shown;     // what was found, in place of the counts

  // Those that are allowed stand apart.
  std::map<SiteOutcome, int> counts() const;
};

// What a sweep over call sites has shown.
SweptPoints swept_points(const SiteSweep& sweep);
// What a map of stops has shown; `unmet` of each of its points.
SweptPoints swept_points(const ShutdownMap& map,
                         const std::vector<std::vector<Finding>>& unmet);

// The limits of a search, each with what it came to one step below its floor:
// `handled` where it passes with the least there is.
SweptPoints swept_points(const FloorMap& map);

// What one stop came to: `handled` is an end of its own with 0, or by the
// signal that it handled; `failed` another code; `runtime` a death by default
// before it listened, `crashed` one behind that; `lost` a request that it had
// read, `leaked` a process that it left.
SiteOutcome outcome_of(const StopOutcome& stop, int signal);

// The verdict on a scenario's sweep, the worst of: whether it could be made,
// what `sweep` expects of all points, what else is expected of each. Pure.
Judgement judge_sweep(const Scenario& scenario, const SweptPoints& swept);

}  // namespace faultrig
