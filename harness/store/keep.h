#pragma once

#include <set>
#include <string>

#include "harness/os/kept_folder.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

// Where the evidence of a scenario or a program is kept below --evidence or
// --out: one name for each part of `name`, none of which leads out of there or
// is the name of a file that evidence has.
std::string folder_for(const std::string& name);

// The same, and another one than those `taken`, which it joins: `x`, `x~2`.
std::string own_folder_for(const std::string& name,
                           std::set<std::string>& taken);

// The folder `below` (of folder_for()) in `parent`, made where it is missing.
Result<KeptFolder> open_kept_below(const std::filesystem::path& parent,
                                   const std::string& below);

// write_evidence() into an open folder; the error names its path.
Result<> keep_evidence(const KeptFolder& folder, const Evidence& evidence,
                       const Scenario& scenario, const KeptTexts& texts);

}  // namespace faultrig
