#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/model/floors.h"
#include "harness/model/schema.h"
#include "harness/model/site_sweep.h"
#include "harness/model/values.h"

namespace faultrig {

// `sweep` of a scenario: what is tried, one run each.
struct ScenarioSweep {
  enum class Over {
    calls,        // each call site is made to fail
    stop,         // a service is told to stop, at each of many moments
    limits,       // a limit is lowered until it passes no more
    dependencies  // what it connects to refuses, hangs, ...
  };
  Over over = Over::calls;
  Params params;     // of the section below that is called so
  Params instants;   // of a stop: of stop_over_section()
  Params until;      // of a stop over calls: of stop_until_section()
  PeersAsked peers;  // of dependencies: what they do, and when
  std::vector<AllowedFinding> allowed;
  Place place;  // of its key

  // What they do, and when; of another sweep nothing.
  std::string peers_text() const;
  // What a sweep over limits lowers, in the order of all_limits(); never null.
  std::vector<const Limit*> limits() const;
};

// `calls`, `stop`, `limits` or `dependencies`.
std::string_view over_name(ScenarioSweep::Over over);

// The sections of a sweep. What it is over stands below the first, `over` below
// `stop`, `until` below that; `does` and `when` below `dependencies` are none.
const Section& sweep_section();
const Section& sweep_calls_section();
const Section& sweep_stop_section();
const Section& stop_over_section();
const Section& stop_until_section();
const Section& sweep_limits_section();
const Section& sweep_dependencies_section();
// One finding that is known, of `allow` and of a baseline.
const Section& allow_section();

// What a sweep over call sites, or over dependencies, asks for.
SweepAsked asked_by(const ScenarioSweep& sweep);

}  // namespace faultrig
