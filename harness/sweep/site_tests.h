#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/model/site_sweep.h"
#include "harness/sweep/site_outcome.h"

namespace faultrig {

// Was the call made more often than without the fault, by as many as failed,
// and, as far as calls are known by their tests, in each test where it failed?
bool was_made_again(const SiteRun& run, const CallSite& site,
                    const FaultPoint& point);

// The lines that name the error, without those of failed tests in which the
// fault did not take effect; all where nobody can tell in which it did.
std::vector<std::string> lines_of_hit_tests(const SiteRun& run);

// `TestGet failed, and not TestPut, in which the call did`, where it is known
// that no test failed in which the call did; else empty.
std::string only_others_failed(const SiteRun& run);

// Where a call failed in several tests of one run: those of which nothing shows
// that anybody noticed, or else those that failed without a word of the error.
// Nothing if there are none, or it failed in one test. `fresh` are the lines
// about the error that are not there without the fault.
std::optional<SiteJudgement> of_several_tests(
    const SiteRun& run, const CallSite& site, const FaultPoint& point,
    const std::vector<std::string>& fresh);

// The tests that say they failed, and do not so without the fault.
std::vector<std::string> failed_anew(const SiteRun& run,
                                     const std::vector<SiteRun>& recordings);

}  // namespace faultrig
