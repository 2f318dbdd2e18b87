#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// A shutdown map for people: where each instant ended how, the windows, the
// findings, and the verdict on the last line. What the service printed or is
// called is escaped.
std::string shutdown_text(const ShutdownMap& map);
// For programs: `{"service", "golden", "points", "windows", "findings",
// "verdict", ...}`, indented, UTF-8.
std::string shutdown_json(const ShutdownMap& map);
// A page.
std::string shutdown_markdown(const ShutdownMap& map);

// `2 of 5 (12-77 %)`.
std::string share_text(const Share& share);

// What a worker has seen, on one line, to hand it to another process. An
// internal error if a line is none.
std::string stop_outcome_line(const StopOutcome& outcome);
Result<StopOutcome> parse_stop_outcome_line(const std::string& line);
std::string recording_line(const Recording& recording);
Result<Recording> parse_recording_line(const std::string& line);

}  // namespace faultrig
