#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/evidence.h"
#include "harness/model/scenario.h"

namespace faultrig {

// What stands beside the observations in a folder of kept evidence.
struct KeptTexts {
  std::string scenario_yaml;  // the file as it was read
  std::string plan;           // as plan_text() shows it
};

// Evidence as it was kept, enough to judge it again.
struct KeptEvidence {
  Evidence::Parts parts;
  std::string scenario;       // its name
  std::string file;           // as given on the command line of the run
  std::string scenario_yaml;  // empty if the folder has none
};

// Makes `folder` (and those above it) and writes evidence.jsonl, stdout,
// stderr, plan.txt and scenario.yaml into it, each under another name first
// and then renamed, evidence.jsonl as the last: a folder that has it is
// complete. Beside them the files of the evidence. An empty plan or YAML has no
// file. Replaces what an older run left. The error names the file.
Result<> write_evidence(const std::filesystem::path& folder,
                        const Evidence& evidence, const Scenario& scenario,
                        const KeptTexts& texts);

// Reads a folder of anybody's making: at most 256 MiB of each file, lines of
// evidence.jsonl of at most 1 MiB. Unknown facts and keys are passed over; a
// value of a wrong type is an error that names file and line.
Result<KeptEvidence> read_evidence(const std::filesystem::path& folder);

// All folders of evidence at or below this one, sorted; what cannot be read is
// passed over.
std::vector<std::filesystem::path> evidence_folders(
    const std::filesystem::path& root);

// Folders at or below this one in which everything of a run is but its
// evidence.jsonl, sorted: it was taken away, or is still being written.
std::vector<std::filesystem::path> folders_without_evidence(
    const std::filesystem::path& root);

// The folder that is meant by `root`: itself, or the only run below it, as for
// the folder given to `run --evidence`. Of several, an error names some.
Result<std::filesystem::path> one_run_of(const std::filesystem::path& root);

// The content of evidence.jsonl, and back; without stdout, stderr and YAML.
// `name` stands for the file in errors.
std::string evidence_text(const Evidence& evidence, const Scenario& scenario);
Result<KeptEvidence> parse_evidence(std::string_view text,
                                    const std::string& name);

}  // namespace faultrig
