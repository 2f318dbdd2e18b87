#pragma once

#include <map>
#include <string>

#include "harness/model/verdict.h"
#include "harness/run/runner.h"

namespace faultrig {

// What golden runs of a session came to, by golden_key().
using GoldenRuns = std::map<std::string, GoldenResult>;

// Runs a plan and judges it; before it its golden run, where it wants one and
// `known`, which it joins, has none of it. An error: nothing was started, or we
// were asked to stop.
Result<Judgement> try_plan(Session& session, const Plan& plan,
                           GoldenRuns& known);

}  // namespace faultrig
