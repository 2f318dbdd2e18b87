#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/campaign/shutdown_scenario.h"
#include "harness/campaign/worker_body.h"

namespace faultrig {

// What a run of a shutdown map is made for.
enum class ShutdownRun {
  instant,    // how it ends, told at that moment
  recording,  // what its start is made of
  asking      // whether it answers what it is to be asked
};

// Can these be made? Usage, in one line: what is wrong with the options.
Result<> check_shutdown(const ShutdownAsk& ask);

// The order for the run of a scenario of this YAML.
std::string shutdown_order(ShutdownRun run, const std::string& yaml);

// Makes the run that an order asks for.
Deed shutdown_deed();

}  // namespace faultrig
