#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/parse/complaint.h"

namespace faultrig {

// Where the text of a scenario comes from.
struct ScenarioSource {
  std::string name;            // `memory/killed_by_oom`
  std::filesystem::path file;  // paths in the scenario are relative to its
                               // folder
  // Must the folders that it names be there? Not for judging kept evidence,
  // which may come from another machine.
  bool folders_exist = true;
};

struct ReadScenario {
  std::optional<Scenario> scenario;   // only if there are no complaints
  std::vector<Complaint> complaints;  // in order of place, at most 20
};

// Reads and checks a whole scenario; everything wrong with it at once. Looks
// at the file system only to see whether the folders it names exist. Takes any
// bytes; never throws.
ReadScenario read_scenario(std::string_view text, const ScenarioSource& source,
                           const Language& language);

}  // namespace faultrig
