#pragma once

#include "harness/run/link_recording.h"
#include "harness/run/live_run.h"

namespace faultrig {

// Whose `recover` is run, and where.
struct RecoverTools {
  Session& session;
  const Plan& plan;
  const FirstLink& first;
  Needs& needs;
};

// Runs the command of `recover` in each state in which a crash may have left
// the recorded folder; of a golden run's in that alone which is there. Adds to
// the evidence each state with what came of it, and some bad ones as they were
// before. Not after fork.
void add_crash_runs(const RecoverTools& tools, LinkRecording& recording,
                    Evidence::Parts& parts);

}  // namespace faultrig
