// `faultrig floors`: how little does it need?
#include <algorithm>
#include <chrono>
#include <filesystem>

#include "harness/base/text.h"
#include "harness/campaign/floor_source.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/site_deed.h"
#include "harness/cli/arguments.h"
#include "harness/cli/named_file.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/report_target.h"
#include "harness/cli/shared_options.h"
#include "harness/os/signals.h"
#include "harness/report/floors_report.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

std::vector<std::string> limit_names() {
  std::vector<std::string> names;
  for (const Limit& limit : all_limits()) {
    names.emplace_back(limit.name);
  }
  return names;
}

class FloorsCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  Result<FloorAsk> ask() const;
  Result<> write_guard(const FloorSource& source, FloorMap& map) const;
  int tell_map(FloorMap& map) const;

  SweepTarget target_;
  std::vector<std::string> what_;
  std::vector<std::string> limits_;
  std::string report_ = "text";
  std::string write_;
  int jobs_ = 1;
};

void FloorsCommand::declare(Arguments& arguments) {
  arguments.rest("PACKAGE", what_, Arguments::Count::any,
                 "folder of a Go package, whose tests are run (default: this "
                 "one); or -- COMMAND");
  arguments.words("--limit", limits_,
                  "memory, fds, ...: only this one; may repeat (default: all "
                  "that faultrig explain sweep.limits names)");
  arguments.offer("--limit", limit_names());
  arguments.word("--run", target_.run, "only these tests, as go test");
  arguments.words("--flag", target_.flags,
                  "a flag for go test, such as -race; may repeat");
  declare_jobs(arguments, jobs_);
  arguments.word("--report", report_, "text (default) or json");
  arguments.word("--write", write_,
                 "write a scenario into FILE: it passes with a little more "
                 "than the floors, and is red once it needs more");
  arguments.behind_dashes(target_.command, "[-- COMMAND [ARG...]]");
}

std::string FloorsCommand::wrong() const {
  for (const std::string& name : limits_) {
    if (limit_named(name) == nullptr) {
      return "--limit: expected " + join(limit_names(), ", ") + ", not " + name;
    }
  }
  if (report_ != "text" && report_ != "json") {
    return "--report: expected text or json, not " + report_;
  }
  if (what_.size() > 1) {
    return "name one package at a time";
  }
  return !what_.empty() && !target_.command.empty()
             ? "name a package or a command, not both"
             : "";
}

Result<FloorAsk> FloorsCommand::ask() const {
  std::error_code failed;
  fs::path here = fs::current_path(failed);
  FloorAsk out;
  out.target = target_;
  std::string word = what_.empty() ? "." : what_.front();
  bool package = target_.command.empty();
  out.what = package ? word : "-- " + shell_line(target_.command);
  out.target.dir = package ? (here / word).lexically_normal() : here;
  if (!fs::is_directory(out.target.dir, failed)) {
    return usage_error("there is no folder " + word +
                       ": name that of a package, or a command behind --");
  }
  for (const Limit& limit : all_limits()) {
    bool named =
        std::find(limits_.begin(), limits_.end(), limit.name) != limits_.end();
    if (limits_.empty() || named) {
      out.limits.push_back(&limit);
    }
  }
  return out;
}

// Only what passed is to be kept.
Result<> FloorsCommand::write_guard(const FloorSource& source,
                                    FloorMap& map) const {
  if (write_.empty() || !map.is_known() || !map.is_guarded()) {
    return Ok{};
  }
  TRY_ASSIGN(std::string yaml,
             guard_yaml(source.asked(), map, source.deadline()));
  TRY(write_text(write_, yaml));
  map.written = write_;
  return Ok{};
}

int FloorsCommand::tell_map(FloorMap& map) const {
  bool told = report_ == "json" ? print(floors_json(map))
                                : print_text(floors_text(map));
  bool guarded = write_.empty() || !map.written.empty();
  return told && map.is_known() && guarded ? 0 : kTrouble;
}

int FloorsCommand::run(const Surroundings& surroundings) {
  auto start = std::chrono::steady_clock::now();
  auto signals = take_ending_signals();
  auto asked = signals ? ask() : Result<FloorAsk>(signals.error());
  if (!asked) {
    return tell(asked.error());
  }
  ProgressLine<Floor> progress(surroundings);
  FloorSource source(*asked, !write_.empty(),
                     [&](const std::string& what) { progress.progress(what); });
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = site_deed();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = progress.run(pool, *signals);
  if (!signal) {
    return tell(signal.error());
  }
  FloorMap map = source.map();
  map.took = std::chrono::steady_clock::now() - start;
  auto written = write_guard(source, map);
  int code = tell_map(map);
  if (*signal != 0) {
    return tell_interrupted(*signal, pool.all_gone());
  }
  return written ? code : tell(written.error());
}

}  // namespace

CommandType floors_command() {
  return command_type<FloorsCommand>(
      "floors", "the least memory, descriptors, ... with which it still passes",
      "faultrig floors --write scenarios/floors.yaml ./store");
}

}  // namespace faultrig
