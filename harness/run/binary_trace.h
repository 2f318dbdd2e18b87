#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/run/observed_binary.h"
#include "harness/run/recorder.h"
#include "harness/run/session.h"

namespace faultrig {

// Of a longer trace its first part is kept.
inline constexpr std::size_t kLargestTrace = 64 << 20;

// Where this binary is told to write its execution trace.
std::filesystem::path trace_file(const ObservedBinary& binary);

// This environment, with what has Go 1.22 or newer write what it has so often,
// unless its author said how often. Older ones do not know it. Pure.
std::vector<std::string> with_trace_period(std::vector<std::string> env,
                                           std::chrono::nanoseconds period);

// Tells what is in the trace of a binary that is over, or why there is none;
// gives the files for the evidence by their paths there.
std::map<std::string, std::string> tell_trace(Session& session,
                                              const ObservedBinary& binary,
                                              Recorder& recorder);

}  // namespace faultrig
