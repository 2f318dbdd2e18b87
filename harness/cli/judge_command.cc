#include <chrono>
#include <filesystem>
#include <utility>

#include "harness/base/folder_paths.h"
#include "harness/cli/named_file.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/judge/expectation.h"
#include "harness/judge/run_details.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

Judgement judged(const Scenario& scenario, KeptEvidence kept,
                 const std::string& folder, bool details) {
  Evidence evidence(std::move(kept.parts));
  Judgement out = judge(scenario, evidence);
  out.evidence = folder;
  if (details) {
    out.details =
        std::make_shared<const RunDetails>(details_of(scenario, evidence, out));
  }
  return out;
}

class JudgeCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("DIR", folders_, Arguments::Count::at_least_one,
                   "folders that --evidence has written; of one with a single "
                   "run below, that run");
    declare_reports(arguments, reports_);
  }

  std::string wrong() const override { return clash_of(reports_); }

  int run(const Surroundings& surroundings) override {
    if (auto spared = spare_evidence(); !spared) {
      return tell(spared.error());
    }
    auto start = std::chrono::steady_clock::now();
    ReportStyle style = style_of_now({wants_color(surroundings)}, 1);
    Output output(reports_, style, surroundings);
    if (auto ready = output.start(Output::no_rest()); !ready) {
      return tell(ready.error());
    }
    for (const std::string& named : folders_) {
      auto meant = one_run_of(named);
      if (!meant) {
        return tell(meant.error());
      }
      std::string folder = meant->string();
      auto kept = read_evidence(folder);
      if (!kept) {
        return tell(of_named(kept.error()));
      }
      auto scenario =
          scenario_from(kept->scenario_yaml, kept->scenario, kept->file);
      if (!scenario) {
        complain(scenario.error().what);
        return kUsage;
      }
      output.result(
          judged(*scenario, std::move(*kept), folder, wants_details(reports_)));
    }
    auto finished = output.finish(std::chrono::steady_clock::now() - start);
    return finished ? exit_code_of(output.judgements())
                    : tell(finished.error());
  }

 private:
  // The first report is written before anything is read.
  Result<> spare_evidence() const {
    std::vector<std::filesystem::path> files;
    for (const std::string& named : folders_) {
      auto meant = one_run_of(named);
      // What cannot be read is told later.
      auto held = paths_in(meant ? *meant : std::filesystem::path());
      if (held) {
        files.insert(files.end(), held->begin(), held->end());
      }
    }
    return spare("the evidence", files, reports_);
  }

  std::vector<std::string> folders_;
  std::vector<ReportTarget> reports_;
};

}  // namespace

CommandType judge_command() {
  return command_type<JudgeCommand>(
      "judge", "judge kept evidence again",
      "faultrig judge /tmp/evidence/memory/killed_by_oom");
}

}  // namespace faultrig
