#pragma once

#include <filesystem>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/run/live_run.h"
#include "harness/run/session.h"

namespace faultrig {

// Lets all list a folder of make_work_folder() and write to it, as to /tmp:
// what root starts may drop its rights.
Result<> open_to_all(const std::filesystem::path& tmp);

// Where the plan says so, a service keeps all of its folder, or another command
// is to look at what was left, lets a first link that is about to start have a
// TMPDIR of its own, and where the plan says so tests a copy of their package:
// Session::learnt() has both, until the next run that asks for them.
// Unsupported: there is no place.
Result<> use_fresh_folder(Session& session, const Plan& plan, FirstLink& first);

}  // namespace faultrig
