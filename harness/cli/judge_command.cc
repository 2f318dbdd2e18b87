#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/kept_runs.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

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
    // The first report is written before anything is read.
    if (auto spared = spare_evidence(runs(), reports_); !spared) {
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
      auto judged = judged_again(*meant, wants_details(reports_));
      if (!judged) {
        return tell(judged.error());
      }
      output.result(*judged);
    }
    auto finished = output.finish(std::chrono::steady_clock::now() - start);
    return finished ? exit_code_of(output.judgements())
                    : tell(finished.error());
  }

 private:
  // What cannot be found is told when it is read.
  std::vector<std::filesystem::path> runs() const {
    std::vector<std::filesystem::path> out;
    for (const std::string& named : folders_) {
      if (auto meant = one_run_of(named)) {
        out.push_back(*meant);
      }
    }
    return out;
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
