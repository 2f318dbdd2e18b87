#pragma once

#include <filesystem>

#include "harness/base/result.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Judges the run that a folder keeps (read_evidence in store/evidence_file.h)
// again; with details where a report needs them. A usage error where it keeps
// none, or the scenario of none.
Result<Judgement> judged_again(const std::filesystem::path& folder,
                               bool details);

}  // namespace faultrig
