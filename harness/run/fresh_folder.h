#pragma once

#include <filesystem>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/os/scratch.h"
#include "harness/run/live_run.h"
#include "harness/run/session.h"

namespace faultrig {

// A copy of a package's folder for one run of its tests, below `place`, so that
// what they leave there is not found by the next. It stands in copies of the
// folders above it, up to that of go.mod, in which all else are links to the
// originals: `../testdata` is there. Gives the copy's path. Unsupported: it has
// more than 64 MiB, or 10,000 files.
Result<std::filesystem::path> copy_package(const std::filesystem::path& folder,
                                           const std::filesystem::path& place);

// Where the plan says so, lets a first link that is about to start have a
// TMPDIR of its own, and tests a copy of their package. Gives the folder of
// both, which ends with it. Unsupported: there is no place for it.
Result<TempDir> use_fresh_folder(Session& session, const Plan& plan,
                                 FirstLink& first);

}  // namespace faultrig
