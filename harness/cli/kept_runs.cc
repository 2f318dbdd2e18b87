#include "harness/cli/kept_runs.h"

#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "harness/base/folder_paths.h"
#include "harness/campaign/catalogue.h"
#include "harness/cli/named_file.h"
#include "harness/judge/expectation.h"
#include "harness/judge/run_details.h"
#include "harness/model/snapshot.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

// As they were when the run was made.
Result<> read_snapshots(const std::filesystem::path& folder,
                        Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) {
    std::filesystem::path file = folder / kept_snapshot(i);
    std::error_code failed;
    if (scenario.expect[i].type == "snapshot" &&
        std::filesystem::is_regular_file(file, failed)) {
      TRY_ASSIGN(std::string text,
                 read_named(file.string(), kMostSnapshot + 1));
      scenario.expect[i].params.set(std::string(kSnapshotText),
                                    std::move(text));
    }
  }
  return Ok{};
}

}  // namespace

Result<Judgement> judged_again(const std::filesystem::path& folder,
                               bool details, std::size_t spans) {
  auto kept = read_evidence(folder);
  if (!kept) {
    return of_named(kept.error());
  }
  auto scenario =
      scenario_from(kept->scenario_yaml, kept->scenario, kept->file);
  if (!scenario) {
    std::string wrong = scenario.error().what;
    return usage_error(wrong.substr(0, wrong.find_last_not_of('\n') + 1));
  }
  TRY(read_snapshots(folder, *scenario));
  Evidence evidence(std::move(kept->parts));
  Judgement out = judge(*scenario, evidence);
  out.evidence = folder.string();
  if (details) {
    RunDetails all = details_of(*scenario, evidence, out);
    if (spans > 0) {
      add_spans(evidence, spans, all);
    }
    out.details = std::make_shared<const RunDetails>(std::move(all));
  }
  return out;
}

Result<> spare_evidence(const std::vector<std::filesystem::path>& folders,
                        const std::vector<ReportTarget>& targets) {
  for (const std::filesystem::path& folder : folders) {
    if (auto held = paths_in(folder)) {
      TRY(spare("the evidence", *held, targets));
    }
  }
  return Ok{};
}

}  // namespace faultrig
