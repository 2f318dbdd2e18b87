#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/snapshot.h"

namespace faultrig {

// What a run showed that can be compared with other runs of the same program.
// `calls_asked`: all calls of calls_for_snapshots() were watched. Pure.
RunFeatures features_of(const Evidence& evidence, bool calls_asked);

// The calls that are watched for a snapshot: those that a sweep makes fail, and
// those that ask for a file.
std::vector<std::string> calls_for_snapshots();

}  // namespace faultrig
