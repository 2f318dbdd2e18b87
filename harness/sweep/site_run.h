#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// What a run has shown in which all calls in question were watched: its end,
// the end of its output, and the sites of its calls. Pure.
SiteRun recorded_run(const Evidence& evidence);

// What a run has shown whose only faults did this at a site, so named; all
// calls there were watched. Pure.
struct TriedFault {
  std::string call;
  std::string site;  // empty: any
  int error = 0;     // 0: it did not fail
  bool late = false;
  int faults = 0;  // so many, the first ones, are those; 0: all
};
SiteRun tried_run(const Evidence& evidence, const TriedFault& fault);

}  // namespace faultrig
