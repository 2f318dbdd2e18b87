#pragma once

#include <map>
#include <string>

#include "harness/model/scenario.h"

namespace faultrig {

// The snapshots that a scenario compares its run with, among the files of the
// evidence: it is to be judged again where the scenario's own files are not.
void add_snapshots(const Scenario& scenario,
                   std::map<std::string, std::string>& files);

}  // namespace faultrig
