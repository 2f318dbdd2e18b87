#pragma once

#include <string>
#include <vector>

#include "harness/load/news.h"
#include "harness/run/recorder.h"

namespace faultrig {

// What the evidence tells of this news; nothing for what others tell. Where a
// service listens is told only while it stops.
std::vector<Observation> facts_of(const DriverNews& news, bool stopping,
                                  const Recorder& recorder);

// That what the driver would have told is not known.
Observation driver_lost(const std::string& why);

}  // namespace faultrig
