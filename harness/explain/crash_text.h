#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/explain/log_line.h"
#include "harness/model/cause.h"

namespace faultrig {

// The crash of a Go program in a log.
struct CrashText {
  std::vector<LogLine> words;       // before the goroutines
  std::vector<std::string> frames;  // see Seen::frames
  std::string owner = "unknown";    // see Seen::owner
  Sure sure = Sure::certain;        // see Seen::crash_sure
};

// May a crash begin with this line: `panic: `, `fatal error: `, `SIGABRT: `,
// `runtime: `, ...?
bool is_crash_headline(std::string_view line);

// May the process have ended so (`2`, `SIGABRT`, `unknown`, ...) that has this
// crash in its output? `owner`: whose crash it is. A test outlives its child's.
bool fits_crash(const std::string& test, const std::string& owner);

// The last crash in the lines. Empty if they only look like one: Go prints a
// stack with each, and exits 2 (`test`, when it is known, says how it ended); a
// program that prints its own stack lives.
CrashText crash_in(const std::vector<LogLine>& lines, const std::string& test);

}  // namespace faultrig
