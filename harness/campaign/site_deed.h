#pragma once

#include <cstdint>
#include <string>

#include "harness/campaign/worker_body.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// A recording of all calls; the trial of a point, in which the calls at its
// site are watched, or all.
enum class RunKind : std::int64_t { recording, narrow, wide };

// One run of a sweep, as a worker is asked for it.
struct Order {
  RunKind kind = RunKind::recording;
  std::string yaml;
  std::string recover;  // yaml too; empty: nobody looks
  // So many of its faults, the first ones, are those of the point.
  std::size_t faults = 0;
  bool judged = false;  // what it expects is asked
};
std::string order_text(const Order& order);

// What is known of a run that was not made.
SiteRun unknown_run(const Error& why);

// Makes the run that an order asks for. In what it printed its own TMPDIR and
// folder are kOwnTmp and kOwnFolder.
Deed site_deed();

}  // namespace faultrig
