// `faultrig record`: what is the same in each run of a program?
#include <filesystem>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/pool.h"
#include "harness/cli/arguments.h"
#include "harness/cli/named_file.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/report_target.h"
#include "harness/cli/shared_options.h"
#include "harness/cli/snapshot_target.h"
#include "harness/os/signals.h"

namespace faultrig {

namespace {

class RecordCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  Result<Snapshot> record(const Surroundings& surroundings);
  int tell_snapshot(const Snapshot& snapshot) const;

  SnapshotTarget target_;
  std::string file_;
  int runs_ = 5;
  int jobs_ = 1;
  int signal_ = 0;  // that ended it
  bool all_gone_ = true;
};

void RecordCommand::declare(Arguments& arguments) {
  arguments.rest("PATH", target_.what, Arguments::Count::any,
                 "a scenario, or the folder of a Go package, whose tests are "
                 "run (default: this one); or -- COMMAND");
  arguments.number("--runs", runs_, {1, 100},
                   "run it so often; what not all runs show is marked `seen` "
                   "(default: 5)");
  arguments.word("-o,--output", file_,
                 "the file to write, to be kept in git (default: stdout)");
  declare_jobs(arguments, jobs_);
  target_.declare(arguments);
}

std::string RecordCommand::wrong() const { return target_.wrong(); }

Result<Snapshot> RecordCommand::record(const Surroundings& surroundings) {
  TRY_ASSIGN(Fd signals, take_ending_signals());
  std::error_code failed;
  TRY_ASSIGN(ComparedYaml yaml,
             target_.yaml(std::filesystem::current_path(failed)));
  ProgressLine<ComparedRun> progress(surroundings);
  ComparedRuns source(
      std::vector<ComparedOrder>(static_cast<std::size_t>(runs_),
                                 {0, true, yaml.watched}),
      [&](const std::string& what) { progress.progress(what); });
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = compared_deed();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  TRY_ASSIGN(signal_, progress.run(pool, signals));
  all_gone_ = pool.all_gone();
  if (signal_ != 0) {
    return Snapshot();
  }
  TRY_ASSIGN(std::vector<ComparedRun> runs, source.runs());
  Snapshot out = snapshot_of_side(runs, 0);
  out.of = target_.text();
  return out;
}

int RecordCommand::tell_snapshot(const Snapshot& snapshot) const {
  std::string text = snapshot_text(snapshot);
  if (text.size() > kMostSnapshot) {
    return tell(
        usage_error("it shows more than a snapshot holds (256 KiB): "
                    "name fewer tests with --run"));
  }
  if (file_.empty()) {
    return print(text) ? 0 : kTrouble;
  }
  auto written = write_text(file_, text);
  if (!written) {
    return tell(written.error());
  }
  std::size_t stable = 0;
  for (const auto& [one, in_all] : snapshot.lines) {
    stable += in_all ? 1 : 0;
  }
  std::string told =
      file_ + ": " + std::to_string(stable) + " features in all of " +
      std::to_string(snapshot.runs) + " runs, " +
      std::to_string(snapshot.lines.size() - stable) + " in some\n";
  for (const auto& [kind, why] : snapshot.unseen) {
    told +=
        "not seen: " + std::string(feature_kind_name(kind)) + ", " + why + "\n";
  }
  return print_text(for_terminal(told)) ? 0 : kTrouble;
}

int RecordCommand::run(const Surroundings& surroundings) {
  auto snapshot = record(surroundings);
  if (!snapshot) {
    return tell(snapshot.error());
  }
  return signal_ != 0 ? tell_interrupted(signal_, all_gone_)
                      : tell_snapshot(*snapshot);
}

}  // namespace

CommandType record_command() {
  return command_type<RecordCommand>(
      "record", "what each run of a program shows, as a text to keep",
      "faultrig record ./shop --runs 5 -o shop.snap");
}

}  // namespace faultrig
