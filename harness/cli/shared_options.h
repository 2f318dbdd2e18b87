#pragma once

#include <string>
#include <vector>

#include "harness/campaign/catalogue.h"
#include "harness/cli/arguments.h"
#include "harness/cli/output.h"

namespace faultrig {

// Options that several commands have.

// PATH..., --only, --tag.
void declare_selection(Arguments& arguments, Selection& selection);
// --strict, for commands that check.
void declare_strict(Arguments& arguments, Selection& selection);
// -j.
void declare_jobs(Arguments& arguments, int& jobs);
// --report; `note` stands behind what it says of itself.
void declare_reports(Arguments& arguments, std::vector<ReportTarget>& reports,
                     const std::string& note = "");

// The scenarios that are meant, or the exit code after saying what is wrong.
struct Chosen {
  std::vector<Entry> entries;
  int exit_code = 0;
};
Chosen choose(const Selection& selection);

// `no scenario matches --only 'x*' --tag slow`.
std::string nothing_matches(const Selection& selection);

}  // namespace faultrig
