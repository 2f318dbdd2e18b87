#pragma once

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/run/live_run.h"
#include "harness/run/session.h"

namespace faultrig {

// Where the plan says so, a service keeps all of its folder, or another command
// is to look at what was left, lets a first link that is about to start have a
// TMPDIR of its own, and where the plan says so tests a copy of their package:
// Session::learnt() has both, until the next run that asks for them.
// Unsupported: there is no place.
Result<> use_fresh_folder(Session& session, const Plan& plan, FirstLink& first);

}  // namespace faultrig
