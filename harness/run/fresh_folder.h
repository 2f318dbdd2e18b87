#pragma once

#include <filesystem>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/run/live_run.h"
#include "harness/run/session.h"

namespace faultrig {

// What root starts may drop its rights: as root, lets all pass to a folder of
// the session's, and gives it that mode, by default that of /tmp. Who is not
// root starts nobody else. System: the modes could not be changed.
Result<> open_to_all(
    const std::filesystem::path& folder,
    std::filesystem::perms mode = std::filesystem::perms(01777));

// The run_started of a run that is about to start this link: where, and with
// which TMPDIR.
Observation begun_with(const FirstLink& first);

// Where the plan says so, a service keeps all of its folder, or another command
// is to look at what was left, lets a first link that is about to start have a
// TMPDIR of its own, and where the plan says so tests a copy of their package:
// Session::learnt() has both, until the next run that asks for them.
// Unsupported: there is no place.
Result<> use_fresh_folder(Session& session, const Plan& plan, FirstLink& first);

}  // namespace faultrig
