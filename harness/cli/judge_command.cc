#include <chrono>
#include <utility>

#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/judge/expectation.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

Judgement judged(const Scenario& scenario, KeptEvidence kept,
                 const std::string& folder) {
  Judgement out = judge(scenario, Evidence(std::move(kept.parts)));
  out.evidence = folder;
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

  int run(const Surroundings& surroundings) override {
    auto start = std::chrono::steady_clock::now();
    Output output(reports_, {{wants_color(surroundings)}}, surroundings);
    for (const std::string& named : folders_) {
      auto meant = one_run_of(named);
      if (!meant) {
        return tell(meant.error());
      }
      std::string folder = meant->string();
      auto kept = read_evidence(folder);
      if (!kept) {
        return tell(kept.error());
      }
      auto scenario =
          scenario_from(kept->scenario_yaml, kept->scenario, kept->file);
      if (!scenario) {
        complain(scenario.error().what);
        return kUsage;
      }
      output.result(judged(*scenario, std::move(*kept), folder));
    }
    auto finished = output.finish(std::chrono::steady_clock::now() - start);
    return finished ? exit_code_of(output.judgements())
                    : tell(finished.error());
  }

 private:
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
