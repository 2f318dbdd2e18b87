#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/timeline.h"

namespace faultrig {

// Told of one goroutine, and of all, beyond which a goroutine's steps are cut.
inline constexpr std::size_t kMostSteps = 1000;
inline constexpr std::size_t kMostStepsInAll = 20'000;

// What faultrig-timeline (reader/) prints of a trace. Usage: it is cut, or is
// not its output at all; then nothing of it is told. What it says comes from a
// trace of anybody's making: texts may be any, numbers are checked. Pure.
Result<GoTimeline> read_timeline(std::string_view lines);

// The same as Chrome trace events (JSON), which Perfetto opens: a thread for
// each goroutine; the longest wait of each kind, and what was marked. Pure.
std::string chrome_trace(const GoTimeline& timeline);

}  // namespace faultrig
