#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/plan.h"

namespace faultrig {

// Which scenarios, and what is asked of them beside what they say.
struct Selection {
  std::vector<std::string> paths;  // empty: ./scenarios
  std::vector<std::string> only;   // globs over names; empty: all
  std::vector<std::string> tags;
  bool strict = false;  // one that asks nothing is a mistake
  int slow = 1;         // what every deadline is multiplied by
  std::uint64_t seed = 1;
};

// A scenario file that was found below a path of the command line.
struct ScenarioFile {
  std::string name;            // `memory/killed_by_oom`
  std::filesystem::path file;  // to open, and to show
  std::string folder = {};     // for its evidence, below --evidence: its own
};

// All *.yaml and *.yml below the paths (default: ./scenarios), sorted by name;
// hidden ones (`.github`) only where they are named. A path that does not
// exist, or a folder without scenarios, is a usage error.
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

// Reads, checks and plans what is selected. Nothing is started.
Result<Catalogue> read_catalogue(const Selection& selection);

// The same for all names that lead to it from here.
std::string absolute_file(const std::string& file);

// Reads one scenario from a text that is already there; for `judge`.
Result<Scenario> scenario_from(const std::string& yaml, const std::string& name,
                               const std::filesystem::path& file);

}  // namespace faultrig
