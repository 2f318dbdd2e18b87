#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/campaign/worker_body.h"
#include "harness/model/site_sweep.h"
#include "harness/model/verdict.h"

namespace faultrig {

// A recording of all calls; the trial of a point, in which the calls at its
// site are watched, or all; the same two of what is connected to.
enum class RunKind : std::int64_t { recording, narrow, wide, peers, peer };

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

// What came back of a run; where nothing did, or nothing that can be read, its
// trouble is why, and nothing is unmet.
struct SiteAnswer {
  SiteRun run;
  std::vector<Finding> unmet;  // of what the scenario expects of each run
};
SiteAnswer read_answer(const Result<std::string>& answer);

// Makes the run that an order asks for. In what it printed its own TMPDIR and
// folder are kOwnTmp and kOwnFolder.
Deed site_deed();

}  // namespace faultrig
