#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/options.h"
#include "harness/model/plan.h"

namespace faultrig {

// A scenario file that was found below a path of the command line.
struct ScenarioFile {
  std::string name;            // `memory/killed_by_oom`
  std::filesystem::path file;  // to open, and to show
  std::string folder = {};     // for its evidence, below --evidence: its own
};

// All *.yaml and *.yml below the paths (default: ./scenarios), sorted by name.
// A path that does not exist, or a folder without scenarios, is a usage error.
Result<std::vector<ScenarioFile>> find_scenarios(
    const std::vector<std::string>& paths);

// A scenario ready to run.
struct Entry {
  Plan plan;
  std::string yaml;
  std::string folder;  // of ScenarioFile
};

struct Catalogue {
  std::vector<Entry> entries;
  std::string complaints;  // all of them, to print; empty when all is well
  std::size_t wrong = 0;   // number of files with complaints
};

// Reads, checks and plans what the options select. Nothing is started.
Result<Catalogue> read_catalogue(const Options& options);

// Reads one scenario from a text that is already there; for `judge`.
Result<Scenario> scenario_from(const std::string& yaml, const std::string& name,
                               const std::filesystem::path& file);

}  // namespace faultrig
