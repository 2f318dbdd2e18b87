// `faultrig sweep`: what becomes of an error at every place where the kernel
// could give one?
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/site_source.h"
#include "harness/cli/arguments.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/model/call_errors.h"
#include "harness/model/syscalls.h"
#include "harness/os/signals.h"
#include "harness/parse/baseline_reader.h"
#include "harness/report/sweep_report.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

class SweepCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  void declare_points(Arguments& arguments);
  void declare_report(Arguments& arguments);
  Result<> find_target();
  Result<> read_known();
  Result<> write_findings(SiteSweep& sweep,
                          std::chrono::nanoseconds deadline) const;
  Result<> report(const SiteSweep& sweep) const;
  int tell_all(SiteSweep sweep, std::chrono::nanoseconds deadline) const;

  SiteAsk ask_;
  std::vector<std::string> what_;
  std::vector<std::string> each_;
  int jobs_ = 1;
  std::vector<ReportTarget> reports_;
  std::string write_;
  std::string baseline_;
};

void SweepCommand::declare(Arguments& arguments) {
  arguments.rest("PACKAGE", what_, Arguments::Count::any,
                 "folder of a Go package, whose tests are run (default: this "
                 "one); or -- COMMAND");
  declare_points(arguments);
  declare_jobs(arguments, jobs_);
  declare_report(arguments);
  arguments.behind_dashes(ask_.target.command);
}

void SweepCommand::declare_points(Arguments& arguments) {
  arguments.read_each(
      "--call",
      [this](const std::string& text) -> std::string {
        std::vector<std::string> calls = expand_call(text);
        ask_.asked.calls.insert(ask_.asked.calls.end(), calls.begin(),
                                calls.end());
        return calls.empty() ? "expected a system call, or a class such as "
                               "%file"
                             : "";
      },
      "only these calls, by name or class; may repeat (default: those on "
      "files and sockets that can fail, without close)");
  arguments.read_each(
      "--error",
      [this](const std::string& text) -> std::string {
        auto number = errno_number(text);
        ask_.asked.errors.push_back(number.value_or(EIO));
        return number ? ""
                      : "expected an errno" + suggestion(text, errno_names());
      },
      "what they fail with; may repeat (default: EIO, ENOSPC, ..., as the "
      "call's manual page has it)");
  arguments.word("--in", ask_.asked.in,
                 "only calls that come through this function: a glob such as "
                 "store.(*DB).*");
  arguments.words("--each", each_,
                  "once, the first call there, or from_then_on, all of them; "
                  "may repeat (default: both)");
  arguments.word("--run", ask_.target.run, "only these tests, as go test");
  arguments.words("--flag", ask_.target.flags,
                  "a flag for go test, such as -race; may repeat");
  arguments.read(
      "--budget",
      [this](const std::string& text) -> std::string {
        ask_.budget = parse_duration(text);
        return ask_.budget && ask_.budget->count() > 0
                   ? ""
                   : "expected a time such as 5m";
      },
      "after this time nothing more is tried; what was not is told");
}

void SweepCommand::declare_report(Arguments& arguments) {
  arguments.read_each(
      "--report",
      [this](const std::string& text) -> std::string {
        std::size_t colon = text.find(':');
        std::string name = text.substr(0, colon);
        bool file = colon != std::string::npos;
        if ((name != "text" && name != "json") ||
            (file && colon + 1 == text.size())) {
          return "expected text or json, or json:FILE";
        }
        reports_.push_back({name, file ? text.substr(colon + 1) : ""});
        return "";
      },
      "FORMAT[:FILE], text (default) or json; may repeat");
  arguments.word("--write", write_,
                 "write a scenario into DIR for each finding, which repeats "
                 "it with faultrig run");
  arguments.word("--baseline", baseline_,
                 "findings that are known: a YAML file with `allow`, a list "
                 "of {site, outcome, because}");
}

std::string SweepCommand::wrong() const {
  for (const std::string& word : each_) {
    if (!each_named(word)) {
      return "--each: expected once or from_then_on, not " + word;
    }
  }
  if (what_.size() > 1) {
    return "name one package at a time";
  }
  return !what_.empty() && !ask_.target.command.empty()
             ? "name a package or a command, not both"
             : "";
}

Result<> SweepCommand::find_target() {
  std::error_code failed;
  SweepTarget& target = ask_.target;
  fs::path here = fs::current_path(failed);
  if (!target.command.empty()) {
    target.dir = here;
    ask_.asked.what = "-- " + shell_line(target.command);
    return Ok{};
  }
  ask_.asked.what = what_.empty() ? "." : what_[0];
  target.dir = (here / ask_.asked.what).lexically_normal();
  if (!fs::is_directory(target.dir, failed)) {
    return usage_error("there is no folder " + ask_.asked.what +
                       ": name that of a package, or a command behind --");
  }
  return Ok{};
}

Result<> SweepCommand::read_known() {
  if (baseline_.empty()) {
    return Ok{};
  }
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, baseline_));
  ReadBaseline read = read_baseline(text);
  if (!read.complaints.empty()) {
    return usage_error(
        format_complaint(baseline_, text, read.complaints.front()));
  }
  ask_.allowed = std::move(read.allowed);
  return Ok{};
}

Result<> SweepCommand::write_findings(SiteSweep& sweep,
                                      std::chrono::nanoseconds deadline) const {
  std::error_code failed;
  fs::create_directories(write_, failed);
  if (failed) {
    return system_error("make the folder " + write_, failed.value());
  }
  std::size_t number = 0;
  for (std::size_t i = 0; i < sweep.points.size(); ++i) {
    SitePoint& point = sweep.points[i];
    if (!is_finding(point.outcome) || !point.allowed.empty()) {
      continue;
    }
    TRY_ASSIGN(std::string yaml,
               site_finding_yaml(ask_.target, sweep, i, deadline));
    fs::path file =
        fs::path(write_) / (site_finding_name(sweep, i, ++number) + ".yaml");
    TRY(write_text(file.string(), yaml));
    point.scenario = file.string();
  }
  return Ok{};
}

Result<> SweepCommand::report(const SiteSweep& sweep) const {
  std::vector<ReportTarget> targets = reports_;
  if (targets.empty()) {
    targets.push_back({"text", ""});
  }
  for (const ReportTarget& target : targets) {
    std::string text =
        target.format == "json" ? sweep_json(sweep) : sweep_text(sweep);
    if (!target.file.empty()) {
      TRY(write_text(target.file, text));
    } else if (!print(text)) {
      return system_error("write to stdout", EIO);
    }
  }
  return Ok{};
}

int SweepCommand::tell_all(SiteSweep sweep,
                           std::chrono::nanoseconds deadline) const {
  Result<> written = write_.empty() ? Ok{} : write_findings(sweep, deadline);
  Result<> told = report(sweep);
  if (!written || !told) {
    return tell(written ? told.error() : written.error());
  }
  return sweep.verdict == SiteSweep::Verdict::clean      ? 0
         : sweep.verdict == SiteSweep::Verdict::findings ? 1
                                                         : kTrouble;
}

int SweepCommand::run(const Surroundings& surroundings) {
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Result<> found = find_target();
  Result<> known = found ? read_known() : found;
  if (!known) {
    return tell(known.error());
  }
  if (!each_.empty()) {
    ask_.asked.each.clear();
  }
  for (const std::string& word : each_) {
    ask_.asked.each.push_back(*each_named(word));
  }
  ProgressLine<SiteOutcome> progress(surroundings);
  SiteSource source(ask_, progress);
  Deed deed = site_deed();
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  auto start = std::chrono::steady_clock::now();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  auto signal = pool.run(*signals);
  progress.clear();
  if (!signal) {
    return tell(signal.error());
  }
  SiteSweep sweep = source.sweep();
  sweep.took = std::chrono::steady_clock::now() - start;
  int code = tell_all(std::move(sweep), source.deadline());
  return *signal == 0 ? code : tell_interrupted(*signal, pool.all_gone());
}

}  // namespace

CommandType sweep_command() {
  return command_type<SweepCommand>(
      "sweep", "what becomes of an error at each call site?",
      "faultrig sweep -j 2 --write findings ./store");
}

}  // namespace faultrig
