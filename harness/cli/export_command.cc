// Kept runs in the forms of other tools. Whether they passed is not asked: the
// exit code says whether they were written.
#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/command.h"
#include "harness/cli/kept_runs.h"
#include "harness/cli/printing.h"
#include "harness/cli/report_target.h"
#include "harness/report/report.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

struct Form {
  std::string_view name;
  std::string_view report;  // as in `--report`
};
constexpr std::size_t kMostSpans = 100'000;  // of a run
constexpr Form kForms[] = {{"otlp", "otlp"}, {"chrome", "trace"}};

class ExportCommand : public Command {
 public:
  void declare(Arguments& arguments) override {
    arguments.rest("DIR", folders_, Arguments::Count::at_least_one,
                   "folders that --evidence has written; all runs below");
    arguments.read(
        "--as", [this](const std::string& name) { return take(name); },
        "otlp (OTLP/JSON, a line for each run) or chrome (trace events, for "
        "Perfetto and chrome://tracing)");
    arguments.offer("--as", {"otlp", "chrome"});
    arguments.word("-o,--output", file_, "the file to write (default: stdout)");
  }

  std::string wrong() const override {
    return type_ == nullptr ? "--as is needed: otlp or chrome" : "";
  }

  int run(const Surroundings&) override {
    std::vector<fs::path> runs = kept();
    if (auto spared = spare_evidence(runs, {{"", file_}}); !spared) {
      return tell(spared.error());
    }
    std::vector<Judgement> all;
    for (const fs::path& folder : runs) {
      auto judged = judged_again(folder, true, kMostSpans);
      if (!judged) {
        return tell(judged.error());
      }
      all.push_back(std::move(*judged));
    }
    int code = write(whole_report(*type_, {}, {all, {}, ""}));
    return std::max(code, tell_gone() ? kTrouble : 0);
  }

 private:
  // Those that are left out.
  bool tell_gone() const {
    bool any = false;
    for (const std::string& named : folders_) {
      for (const fs::path& folder : folders_without_evidence(named)) {
        complain(
            "faultrig: " + for_one_line(folder.string()) +
            ": its evidence.jsonl is gone, or not written yet: this run is "
            "left out\n");
        any = true;
      }
    }
    return any;
  }

  std::string take(const std::string& name) {
    for (const Form& form : kForms) {
      if (form.name == name) {
        type_ = find_report(form.report);
        return "";
      }
    }
    return "expected otlp or chrome";
  }

  std::vector<fs::path> kept() const {
    std::vector<fs::path> out;
    for (const std::string& named : folders_) {
      std::vector<fs::path> runs = evidence_folders(named);
      if (runs.empty()) {
        runs.emplace_back(named);  // reading it says what is wrong
      }
      out.insert(out.end(), runs.begin(), runs.end());
    }
    return out;
  }

  int write(const std::string& text) const {
    if (file_.empty()) {
      return print(text) ? 0 : tell(system_error("write to stdout", errno));
    }
    auto written = write_text(file_, text);
    return written ? 0 : tell(written.error());
  }

  std::vector<std::string> folders_;
  std::string file_;
  const ReportType* type_ = nullptr;
};

}  // namespace

CommandType export_command() {
  return command_type<ExportCommand>(
      "export", "kept runs for other tools: OTLP, Chrome trace events",
      "faultrig export /tmp/evidence --as chrome -o run.json\n"
      "Exit codes: 0 all runs are in it, 2 one cannot be read, 3 one is left "
      "out, since its evidence.jsonl is gone, or it cannot be written.");
}

}  // namespace faultrig
