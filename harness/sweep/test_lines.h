#pragma once

#include <string>

#include "harness/model/site_sweep.h"
#include "harness/sweep/site_words.h"

namespace faultrig {

// The tests that say in this output that they failed, and which of them said
// for what.
std::vector<FailedTest> failing_tests(const std::string& output,
                                      const ErrorNames& names);

// Fills in what of the output names the error, and by which test each line is
// told (RunOfTests); `run` knows its end and its failed tests.
void tell_lines(const std::string& output, const ErrorNames& names,
                SiteRun& run);

}  // namespace faultrig
