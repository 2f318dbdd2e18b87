#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "harness/campaign/catalogue.h"
#include "harness/model/verdict.h"

namespace faultrig {

// What stands in every run of a scenario's sweep, in YAML: its workload, the
// faults beside the sweep, and what is expected of each run. Its folders are
// told from the root, so that it reads the same wherever it stands. An internal
// error if the entry is none that was read.
Result<std::string> base_yaml(const Entry& entry);

// What one run has beside it, each in YAML.
struct RunParts {
  std::string head;                      // lines before all others
  std::chrono::nanoseconds deadline{0};  // of the workload
  std::string faults;                    // `faults:`, and a list; they are the
                                         // first; empty: none more
  std::string expect;                    // `expect:`, the same
};
Result<std::string> with_parts(const std::string& base, const RunParts& parts);

// What a worker answers of a run: a line of what it saw, and the judgement,
// where the run was to be judged.
struct JudgedRun {
  std::string line;
  std::optional<Judgement> judgement;
};
// What was expected of it and did not come.
std::vector<Finding> unmet_in(const JudgedRun& run);
std::string judged_text(const JudgedRun& run);
// The same judgement, where the place of a finding is which of what the run
// expects it is about: its line, from 1; 0: none.
Judgement with_numbers(Judgement judgement, const Scenario& scenario);
Result<JudgedRun> parse_judged(const std::string& text);

}  // namespace faultrig
