#pragma once

#include <chrono>
#include <string>

#include "harness/base/result.h"
#include "harness/campaign/shutdown_scenario.h"
#include "harness/campaign/worker_body.h"

namespace faultrig {

// How long a moment is waited for from the moment that the service is ready
// (Session::Options::patience): one that does not come by then never comes.
inline constexpr std::chrono::seconds kStopPatience{1};

// What a run of a shutdown map is made for.
enum class ShutdownRun {
  instant,    // how it ends, told at that moment
  recording,  // what its start is made of
  asking      // whether it answers what it is to be asked
};

// Can these be made? Usage, in one line: what is wrong with the options.
Result<> check_shutdown(const ShutdownAsk& ask);

// The run of a scenario of this YAML, as a worker is asked for it.
struct ShutdownOrder {
  ShutdownRun run = ShutdownRun::recording;
  std::string yaml;
  bool judged = false;   // what it expects is asked
  std::size_t told = 1;  // so many of its faults, the first ones, tell it
};
std::string order_text(const ShutdownOrder& order);

// Makes the run that an order asks for.
Deed shutdown_deed();

}  // namespace faultrig
