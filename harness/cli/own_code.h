#pragma once

#include <filesystem>

#include "harness/run/session.h"

namespace faultrig {

// The lesson on the learner's own module, which `folder` lies in: its tests
// beside a witness, why they failed, a sweep, a shutdown map of a program that
// may listen; each a command that is shown and run, in bounded time. What they
// keep goes below `place`, an absolute folder that is made. Changes nothing in
// the module. Gives the exit code: 0, whatever was found, unless a step could
// not be begun.
int look_at_own_code(const std::filesystem::path& folder,
                     const std::filesystem::path& place,
                     const Session::Options& session);

}  // namespace faultrig
