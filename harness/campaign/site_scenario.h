#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/campaign/base_scenario.h"
#include "harness/model/site_sweep.h"

namespace faultrig {

// What `faultrig sweep` runs: the tests of a package, or a command.
struct SweepTarget {
  std::filesystem::path dir;         // absolute: of the package, or where the
                                     // command runs
  std::vector<std::string> command;  // empty: the package's tests
  std::string run;                   // -run of its tests; empty: all
  std::vector<std::string> flags;    // of go test
  std::string base;  // in place of all that: of a scenario, base_yaml()
  std::string link = "test";  // that is swept, where there is no command
};

// The scenarios of a sweep in YAML, as `faultrig run` takes them: what is
// written for a finding is what was run. Text that is no UTF-8 cannot be
// written (usage).
Result<std::string> run_yaml(const SweepTarget& target, const RunParts& parts);
// Without a fault, with all calls in question watched:
Result<std::string> site_recording_yaml(const SweepTarget& target,
                                        const SweepAsked& asked,
                                        std::chrono::nanoseconds deadline);
// What a run with a fault may take, by what those without one took: `most` at
// most, and that where there are none.
std::chrono::nanoseconds deadline_after(const std::vector<SiteRun>& plain,
                                        std::chrono::nanoseconds most);
// One try of a point.
struct Trial {
  FaultPoint point;
  bool wide = false;  // all calls in question are watched, not only the site's
  std::chrono::nanoseconds deadline{0};
};
// With its fault.
Result<std::string> site_point_yaml(const SweepTarget& target,
                                    const SweepAsked& asked,
                                    const CallSite& site, const Trial& trial);
// A command of the user's that looks at what a run has kept; it is given the
// folders of that run. Usage: it is no UTF-8.
Result<std::string> site_recover_yaml(const std::string& command,
                                      std::chrono::nanoseconds deadline);
// With what is expected of the program, and about the finding.
Result<std::string> site_finding_yaml(const SweepTarget& target,
                                      const SiteSweep& sweep, std::size_t point,
                                      std::chrono::nanoseconds deadline);

// The second line of each scenario of a finding.
inline constexpr std::string_view kSweepTags = "tags: [sweep]\n";

// Can a scenario repeat such a finding? What a command finds afterwards it
// cannot.
bool is_repeatable(SiteOutcome outcome);

// `1-swallowed-fsync`, for a file.
std::string site_finding_name(const SiteSweep& sweep, std::size_t point,
                              std::size_t number);

}  // namespace faultrig
