#pragma once

#include <string>
#include <vector>

#include "harness/cli/command.h"
#include "harness/cli/map_output.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// Sweeps in a form of --report; `coverage` as of sweep_text().
std::string sweep_in(const std::string& form, const SiteSweeps& all,
                     bool coverage);

// What the runs whose evidence is kept below these folders have made to fail,
// one each. An error where a folder has none, or it cannot be read.
Result<std::vector<SiteSweep>> failed_below(
    const std::vector<std::string>& folders);

// Is this argument of `faultrig sweep` a scenario, and no package?
bool names_scenario(const std::string& word);

// Runs the sweep of one scenario and tells its map, and below it its verdict.
// Gives the exit code: that of `faultrig run`.
struct ScenarioSweepAsk {
  std::string file;
  int jobs = 1;
  bool coverage = false;  // as sweep_text()
};
int sweep_scenario(const ScenarioSweepAsk& ask, const MapOutput& output,
                   const Surroundings& surroundings);

}  // namespace faultrig
