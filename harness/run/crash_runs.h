#pragma once

#include "harness/run/crash_tries.h"
#include "harness/run/link_images.h"
#include "harness/run/link_recording.h"

namespace faultrig {

// Before the first process starts: records the folder of a crash from now on,
// or puts it on a disk of its own, where the plan asks for one. Usage, or what
// the machine has not.
Result<> begin_recording(Session& session, const Plan& plan,
                         const FirstLink& first);

// Runs the command of `recover` in each state in which a crash may have left
// the recorded folder; of a golden run's in that alone which is there. Adds to
// the evidence each state with what came of it, and some bad ones as they were
// before. Not after fork.
void add_crash_runs(const RecoverTools& tools, LinkRecording& recording,
                    Evidence::Parts& parts);

// The same of each image of a disk that was taken.
void add_image_runs(const RecoverTools& tools, LinkImages& images,
                    Evidence::Parts& parts);

}  // namespace faultrig
