#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// The sites of the calls of a run in which all in question were watched, or
// its peers. Pure.
enum class Recorded { sites, peers };
std::vector<CallSite> sites_of(const Evidence& evidence, Recorded what);

// What such a run has shown: its end, the end of its output, and these. Pure.
SiteRun recorded_run(const Evidence& evidence, Recorded what = Recorded::sites);

// What a run has shown whose only faults did this at a site, so named, or at a
// peer; all calls there were watched. Pure.
struct TriedFault {
  std::string call;
  std::string site;  // empty: any
  int error = 0;     // 0: it did not fail
  bool late = false;
  int faults = 0;  // so many, the first ones, are those; 0: all
  // Of a peer: its address, as `to` of a dependency, and what it did.
  std::string peer = {};
  DependencyDeed deed = {};
};
SiteRun tried_run(const Evidence& evidence, const TriedFault& fault);

}  // namespace faultrig
