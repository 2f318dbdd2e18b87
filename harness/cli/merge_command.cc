// `faultrig merge`: the reports of shards, joined as if one machine had run
// them all.
#include <algorithm>
#include <filesystem>
#include <tuple>

#include "harness/base/folder_paths.h"
#include "harness/base/text.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/cli/shared_options.h"
#include "harness/report/merged.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

class MergeCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("DIR|FILE", paths_, Arguments::Count::at_least_one,
                   "json reports of --shard; of a folder, all *.json below");
    declare_reports(arguments, reports_, "; may repeat");
  }

  std::string wrong() const override { return clash_of(reports_); }

  int run(const Surroundings& surroundings) override {
    auto parts = read_all();
    auto merged = parts ? merge_reports(*parts) : Result<Merged>(parts.error());
    if (!merged) {
      return tell(merged.error());
    }
    ReportStyle style = style_of_now({wants_color(surroundings)}, merged->seed);
    style.started = merged->started;
    style.host.clear();
    style.chosen = merged->chosen;
    Output output(reports_, style, surroundings);
    if (auto ready = output.start(Output::no_rest()); !ready) {
      return tell(ready.error());
    }
    for (const Judgement& judgement : in_order(merged->scenarios)) {
      output.result(judgement);
    }
    auto finished = output.finish(merged->took, "", merged->incomplete);
    if (!finished) {
      return tell(finished.error());
    }
    if (!merged->incomplete.empty()) {
      complain("faultrig: incomplete: " + merged->incomplete + "\n");
      return kTrouble;
    }
    return exit_code_of(output.judgements());
  }

 private:
  Result<std::vector<KeptReport>> read_all() const {
    std::vector<KeptReport> out;
    for (const std::string& path : paths_) {
      TRY_ASSIGN(std::vector<std::string> files, files_of(path));
      for (const std::string& file : files) {
        TRY(spare("a part of the run", {file}, reports_));
        TRY_ASSIGN(KeptReport part, read_report(file));
        if (file != path && !part.shard.any()) {
          complain("faultrig: passed over, no part of a run: " +
                   for_one_line(file) + "\n");
          continue;
        }
        out.push_back(std::move(part));
      }
    }
    return out;
  }

  static Result<std::vector<std::string>> files_of(const std::string& path) {
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
      return std::vector<std::string>{path};
    }
    TRY_ASSIGN(auto reports, paths_below(path, ".json"));
    if (reports.empty()) {
      return usage_error("no reports (*.json) below " + path);
    }
    return std::vector<std::string>(reports.begin(), reports.end());
  }

  static std::vector<Judgement> in_order(std::vector<Judgement> all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const Judgement& a, const Judgement& b) {
                       return std::tie(a.repeat, a.scenario) <
                              std::tie(b.repeat, b.scenario);
                     });
    return all;
  }

  std::vector<std::string> paths_;
  std::vector<ReportTarget> reports_;
};

}  // namespace

CommandType merge_command() {
  return command_type<MergeCommand>("merge", "join the reports of shards",
                                    "faultrig merge reports/");
}

}  // namespace faultrig
