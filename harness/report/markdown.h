#pragma once

#include <string>
#include <string_view>

#include "harness/report/report.h"

namespace faultrig {

// `text` on one line, such that Markdown and HTML show its characters and
// nothing else.
std::string for_markdown(std::string_view text);

// A page on a run: its counts, a table of what did not pass, and of each of
// those the exit chain, why, what it printed last and the command that repeats
// it. Under 900 KiB, since GitHub takes no more than 1 MiB of a step: what is
// left out is counted.
// `chosen` as in ReportStyle.
std::string markdown_summary(const RunEnd& end,
                             const std::vector<std::string>& chosen);

}  // namespace faultrig
