#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/report_target.h"
#include "harness/model/verdict.h"

namespace faultrig {

// Judges the run that a folder keeps (read_evidence in store/evidence_file.h)
// again; with details where a report needs them, and so many spans among those,
// 0: as usual. A usage error where it keeps none, or the scenario of none.
Result<Judgement> judged_again(const std::filesystem::path& folder,
                               bool details, std::size_t spans = 0);

// A usage error if one of `targets` would take the place of a file of these
// folders. What cannot be read is passed over.
Result<> spare_evidence(const std::vector<std::filesystem::path>& folders,
                        const std::vector<ReportTarget>& targets);

}  // namespace faultrig
