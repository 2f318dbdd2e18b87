#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// Sweeps over call sites for people: what was recorded, the findings, and the
// counts; with `coverage` what share of each package was tried. What the
// program printed or is called is escaped.
std::string sweep_text(const SiteSweeps& all, bool coverage);
// For programs: `{"points", "golden", "counts", "verdict", ...}`, indented,
// UTF-8. Points and sites are those of all, each with the sweep that it is of.
std::string sweep_json(const SiteSweeps& all);
// For code scanning: SARIF 2.1.0. Files below `root` are told from there.
std::string sweep_sarif(const SiteSweeps& all, std::string_view root);

// What a worker has seen, on one line, to hand it to another process. An
// internal error if a line is none.
std::string site_run_line(const SiteRun& run);
Result<SiteRun> parse_site_run_line(const std::string& line);

}  // namespace faultrig
