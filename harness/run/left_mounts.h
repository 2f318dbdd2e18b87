#pragma once

#include "harness/run/recorder.h"
#include "harness/run/session.h"

namespace faultrig {

// Takes off what a workload has mounted on our folders, and tells it; trouble:
// something could not be taken off. Now, while it can be told: the folder
// itself goes when nobody is told. Not after fork.
void tell_mounts(Session& session, Recorder& recorder);

}  // namespace faultrig
