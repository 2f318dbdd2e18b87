#pragma once

#include <functional>

#include "harness/os/cgroup.h"
#include "harness/run/loop.h"
#include "harness/run/recorder.h"

namespace faultrig {

// The group of a link, and what it takes to tell what happens in it. Whoever
// holds it outlives none of these.
struct WatchedGroup {
  Cgroup& group;
  Loop& loop;
  Recorder& recorder;
  // Has the first link ended, so that nothing more is killed or waited for?
  std::function<bool()> over;
};

}  // namespace faultrig
