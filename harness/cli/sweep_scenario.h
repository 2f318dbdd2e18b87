#pragma once

#include <string>

#include "harness/cli/command.h"
#include "harness/cli/map_output.h"

namespace faultrig {

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
