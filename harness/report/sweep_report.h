#pragma once

#include <string>

#include "harness/base/result.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// A sweep over call sites for people: what was recorded, the findings, and the
// counts. What the program printed or is called is escaped.
std::string sweep_text(const SiteSweep& sweep);
// For programs: `{"points", "golden", "counts", "verdict", ...}`, indented,
// UTF-8.
std::string sweep_json(const SiteSweep& sweep);

// What a worker has seen, on one line, to hand it to another process. An
// internal error if a line is none.
std::string site_run_line(const SiteRun& run);
Result<SiteRun> parse_site_run_line(const std::string& line);

}  // namespace faultrig
