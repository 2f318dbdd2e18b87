// `faultrig atlas`: every cause, provoked here and now.
#include <algorithm>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/campaign/atlas_source.h"
#include "harness/campaign/cause_table.h"
#include "harness/campaign/pool.h"
#include "harness/cli/printing.h"
#include "harness/cli/score.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"
#include "harness/report/atlas_text.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

Result<fs::path> find_catalogue(const std::vector<std::string>& paths) {
  std::vector<fs::path> places{"scenarios"};
  if (!paths.empty()) {
    places = {paths.front()};
  } else {
    std::error_code failed;
    fs::path program = fs::read_symlink("/proc/self/exe", failed);
    places.push_back(program.parent_path().parent_path() /
                     "share/faultrig/scenarios");
  }
  for (const fs::path& place : places) {
    std::error_code failed;
    if (fs::is_directory(place, failed)) {
      return fs::absolute(place);
    }
  }
  return usage_error("no scenarios at " + places.front().string() +
                     "; faultrig atlas PATH names their folder");
}

// General causes are symptoms: their scenarios are those of what they may be.
std::vector<const Cause*> chosen(const std::vector<Cause>& causes,
                                 const std::vector<std::string>& only) {
  std::vector<const Cause*> out;
  for (const Cause& cause : causes) {
    bool named = std::any_of(
        only.begin(), only.end(),
        [&](const std::string& glob) { return glob_match(glob, cause.id); });
    if (!cause.general && (only.empty() || named)) {
      out.push_back(&cause);
    }
  }
  return out;
}

// A row on a terminal as soon as it is there, a page when all are.
class AtlasPage : public Sink<AtlasRow> {
 public:
  // All false: text.
  struct Form {
    bool json = false;
    bool markdown = false;   // docs/exit-codes.md
    bool precision = false;  // docs/precision.md
  };
  explicit AtlasPage(const Form& form) : form_(form) {
    print(whole() ? "" : atlas_head());
  }

  void result(const AtlasRow& row) override {
    rows_.push_back(row);
    print(whole() ? "" : atlas_line(row));
  }

  // Gives the exit code. Rows that could not be had are told on stderr where
  // the page leaves them out.
  int end() const {
    print(text());
    std::size_t skipped = 0;
    for (const AtlasRow& row : rows_) {
      if (!row.skipped.empty()) {
        ++skipped;
        complain(whole() ? "faultrig: " + row.cause +
                               " skipped: " + for_one_line(row.skipped) + "\n"
                         : "");
      }
    }
    return skipped == rows_.size() ? kNothingRan : 0;
  }

 private:
  bool whole() const { return form_.json || form_.markdown || form_.precision; }

  std::string text() const {
    return form_.json        ? atlas_json(rows_)
           : form_.precision ? precision_page(rows_)
           : form_.markdown  ? atlas_page(rows_)
                             : atlas_legend();
  }

  const Form& form_;
  std::vector<AtlasRow> rows_;
};

class AtlasCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  int run(const Surroundings& surroundings) override;

 private:
  int draw(const std::vector<const Cause*>& rows,
           const std::vector<Cause>& causes, const fs::path& catalogue,
           const Surroundings& surroundings);

  std::vector<std::string> paths_;
  std::vector<std::string> only_;
  int jobs_ = 1;
  AtlasPage::Form form_;
  std::string score_;
};

void AtlasCommand::declare(Arguments& arguments) {
  arguments.rest("PATH", paths_, Arguments::Count::any,
                 "folder of the scenarios (default: ./scenarios)");
  arguments.words("--only", only_,
                  "only causes whose id matches GLOB; may repeat");
  declare_jobs(arguments, jobs_);
  arguments.flag("--json", form_.json, "for programs");
  arguments.flag("--markdown", form_.markdown, "docs/exit-codes.md");
  arguments.word("--score", score_,
                 "explain the logs of DIR, whose right answers DIR/cases.tsv "
                 "has, and count: right, undecided, none, wrong");
  arguments.flag(
      "--precision", form_.precision,
      "how well logs and evidence tell each cause: docs/precision.md");
  arguments.one_of({"--json", "--markdown", "--precision"});
}

int AtlasCommand::run(const Surroundings& surroundings) {
  if (!score_.empty()) {
    return score_logs(score_);
  }
  auto causes = cause_table();
  if (!causes) {
    return tell(causes.error());
  }
  auto catalogue = find_catalogue(paths_);
  if (!catalogue) {
    return tell(catalogue.error());
  }
  std::vector<const Cause*> rows = chosen(*causes, only_);
  if (rows.empty()) {
    complain("faultrig: no cause matches --only " +
             for_one_line(shell_line(only_)) + "\n");
    return kUsage;
  }
  return draw(rows, *causes, *catalogue, surroundings);
}

int AtlasCommand::draw(const std::vector<const Cause*>& rows,
                       const std::vector<Cause>& causes,
                       const fs::path& catalogue,
                       const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  AtlasPage page(form_);
  AtlasSource source(rows, page);
  Deed deed = atlas_deed(rows, causes, catalogue);
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  if (!signal) {
    return tell(signal.error());
  }
  return *signal == 0 ? page.end() : tell_interrupted(*signal, pool.all_gone());
}

}  // namespace

CommandType atlas_command() {
  return command_type<AtlasCommand>(
      "atlas", "provoke every cause, show the exit codes at every link",
      "faultrig atlas --only 'oom*'");
}

}  // namespace faultrig
