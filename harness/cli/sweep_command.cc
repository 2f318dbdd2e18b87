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
#include "harness/campaign/package_list.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/site_source.h"
#include "harness/cli/arguments.h"
#include "harness/cli/map_output.h"
#include "harness/cli/named_file.h"
#include "harness/cli/peer_options.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/shared_options.h"
#include "harness/cli/sweep_scenario.h"
#include "harness/model/call_errors.h"
#include "harness/model/syscalls.h"
#include "harness/os/signals.h"
#include "harness/parse/baseline_reader.h"
#include "harness/sweep/all_sweeps.h"

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
  void declare_harm(Arguments& arguments);
  void declare_report(Arguments& arguments);
  Result<int> find_targets(const Fd& signals, const Session::Options& session);
  Result<> read_known();
  Result<int> sweep_all(const Fd& signals, const Session::Options& session,
                        ProgressLine<SiteOutcome>& progress);
  Result<int> sweep_one(const FoundPackage& package, const Fd& signals,
                        const Session::Options& session,
                        ProgressLine<SiteOutcome>& progress);
  bool is_scenario() const;
  bool is_late() const;
  Result<> write_findings(SiteSweep& sweep, const SiteSource& source);
  int tell_all() const;

  SiteAsk ask_;
  std::vector<FoundPackage> targets_;
  SiteSweeps all_;
  std::chrono::steady_clock::time_point start_;
  std::size_t written_ = 0;
  Result<> files_ = Ok{};  // were those of the findings written?
  bool all_gone_ = true;   // what was started
  std::vector<std::string> what_;
  std::vector<std::string> each_;
  PeerOptions peers_;
  int jobs_ = 1;
  MapOutput output_{{"text", "json", "sarif", "html", "cover"}};
  std::string baseline_;
  std::vector<std::string> evidence_;
  bool shows_coverage_ = false;
};

void SweepCommand::declare(Arguments& arguments) {
  arguments.rest("PACKAGE", what_, Arguments::Count::any,
                 "folder of a Go package, whose tests are run, or a pattern "
                 "such as ./... (default: this one); a scenario with `sweep`; "
                 "or -- COMMAND");
  declare_points(arguments);
  declare_jobs(arguments, jobs_);
  declare_report(arguments);
  arguments.behind_dashes(ask_.target.command, "[-- COMMAND [ARG...]]");
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
  declare_harm(arguments);
  peers_.declare(arguments);
  arguments.word("--in", ask_.asked.in,
                 "only calls that come through this function: a glob such as "
                 "store.(*DB).*");
  arguments.words("--each", each_,
                  "once, the first call there; per_test, the first in each "
                  "test function; from_then_on, all of them; may repeat "
                  "(default: once and from_then_on)");
  arguments.word("--recover", ask_.recover,
                 "for sh, after each run in its folders: is all there that was "
                 "acknowledged? Anything but 0 is `lost`");
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

void SweepCommand::declare_harm(Arguments& arguments) {
  arguments.flag("--kill", ask_.asked.kill,
                 "SIGKILL before the first call there, and in another try "
                 "before the last, instead of an error, of calls that change "
                 "something; needs --recover");
  arguments.read(
      "--short",
      [this](const std::string& text) -> std::string {
        auto most = parse_bytes(text);
        ask_.asked.shorten = static_cast<std::int64_t>(most ? most->count : 1);
        return most && most->count > 0 ? "" : "expected a size such as 1B";
      },
      "reads and writes move at most so much, instead of an error");
  arguments.read(
      "--delay",
      [this](const std::string& text) -> std::string {
        auto time = parse_duration(text);
        ask_.asked.delay = time.value_or(std::chrono::nanoseconds(1)).count();
        return time && time->count() > 0 ? "" : "expected a time such as 2s";
      },
      "calls run so much later, instead of failing");
}

void SweepCommand::declare_report(Arguments& arguments) {
  output_.declare(arguments);
  arguments.flag("--coverage", shows_coverage_,
                 "tell of each package how many sites were made to fail, and "
                 "surfaced");
  arguments.words("--evidence", evidence_,
                  "of --coverage: what scenarios made to fail counts too, by "
                  "the evidence that faultrig run --evidence DIR has kept; may "
                  "repeat");
  arguments.word("--baseline", baseline_,
                 "findings that are known: a YAML file with `allow`, a list "
                 "of {site, outcome, because}");
}

std::string SweepCommand::wrong() const {
  for (const std::string& word : each_) {
    if (!each_named(word)) {
      return "--each: expected once, per_test or from_then_on, not " + word;
    }
  }
  if (ask_.asked.kill && ask_.recover.empty()) {
    return "--kill needs --recover, to look afterwards at what is kept";
  }
  bool others =
      !ask_.asked.errors.empty() || ask_.asked.shorten || ask_.asked.delay;
  if (ask_.asked.kill && !each_.empty() && !others) {
    return "--each says nothing of --kill: it ends the process at the first "
           "call there, and in another try at the last";
  }
  bool coverage = shows_coverage_ || output_.has("cover");
  if (std::string wrong = peers_.wrong(ask_.asked, each_, coverage);
      !wrong.empty()) {
    return wrong;
  }
  if (is_scenario() &&
      (what_.size() > 1 || !baseline_.empty() || !evidence_.empty() ||
       !each_.empty() || peers_.given() || asks_anything(ask_))) {
    return "a scenario says itself what is swept: name it alone, with -j, "
           "--report, --coverage and --write at most";
  }
  return !what_.empty() && !ask_.target.command.empty()
             ? "name a package or a command, not both"
             : output_.clash();
}

bool SweepCommand::is_scenario() const {
  return std::any_of(what_.begin(), what_.end(), names_scenario);
}

// A name that looks like a folder is to be one: go list would speak of modules.
Result<> check_folder(const fs::path& here, const std::string& word) {
  std::error_code failed;
  bool named = word.starts_with('.') || word.starts_with('/');
  return named && word.find("...") == word.npos &&
                 !fs::is_directory(here / word, failed)
             ? usage_error("there is no folder " + word +
                           ": name that of a package, or a command behind --")
             : Result<>(Ok{});
}

// Gives the signal that ended it, or 0. One folder that is there needs no go
// list.
Result<int> SweepCommand::find_targets(const Fd& signals,
                                       const Session::Options& session) {
  std::error_code failed;
  fs::path here = fs::current_path(failed);
  if (!ask_.target.command.empty()) {
    all_.what = "-- " + shell_line(ask_.target.command);
    targets_ = {{all_.what, here, true}};
    return 0;
  }
  std::vector<std::string> words =
      what_.empty() ? std::vector<std::string>{"."} : what_;
  all_.what = join(words, " ");
  for (const std::string& word : words) {
    TRY(check_folder(here, word));
  }
  if (words.size() == 1 && fs::is_directory(here / words[0], failed)) {
    targets_ = {{words[0], (here / words[0]).lexically_normal(), true}};
    return 0;
  }
  PackageList list(here, words, ask_.target.flags);
  Deed deed = package_deed();
  Pool pool(list, 1, [&](int socket) { return work(socket, session, deed); });
  TRY_ASSIGN(int signal, pool.run(signals));
  all_gone_ = pool.all_gone();
  if (signal == 0) {
    TRY_ASSIGN(targets_, list.packages());
  }
  return signal;
}

Result<> SweepCommand::read_known() {
  TRY_ASSIGN(all_.beside, failed_below(evidence_));
  if (baseline_.empty()) {
    return Ok{};
  }
  TRY(output_.spare("the baseline", baseline_));
  TRY_ASSIGN(std::string text, read_named(baseline_));
  ReadBaseline read = read_baseline(text);
  if (!read.complaints.empty()) {
    return usage_error(
        format_complaint(baseline_, text, read.complaints.front()));
  }
  ask_.allowed = std::move(read.rows);
  return Ok{};
}

Result<> SweepCommand::write_findings(SiteSweep& sweep,
                                      const SiteSource& source) {
  return write_site_findings(output_, ask_.target, source.deadline(), sweep,
                             written_);
}

int SweepCommand::tell_all() const {
  Result<> told = output_.tell([&](const std::string& form) {
    return sweep_in(form, all_, shows_coverage_);
  });
  if (!files_ || !told) {
    return tell(files_ ? told.error() : files_.error());
  }
  return all_.verdict == SiteSweep::Verdict::clean      ? 0
         : all_.verdict == SiteSweep::Verdict::findings ? 1
                                                        : kTrouble;
}

bool SweepCommand::is_late() const {
  return ask_.budget &&
         std::chrono::steady_clock::now() - start_ >= *ask_.budget;
}

// Gives the signal that ended it, or 0.
Result<int> SweepCommand::sweep_one(const FoundPackage& package,
                                    const Fd& signals,
                                    const Session::Options& session,
                                    ProgressLine<SiteOutcome>& progress) {
  auto begun = std::chrono::steady_clock::now();
  SiteAsk ask = ask_;
  ask.asked.what = package.what;
  ask.target.dir = package.dir;
  if (ask.budget) {
    *ask.budget -= begun - start_;
  }
  SiteSource source(ask, progress);
  Deed deed = site_deed();
  Pool pool(source, jobs_,
            [&](int socket) { return work(socket, session, deed); });
  TRY_ASSIGN(int signal, progress.run(pool, signals));
  all_gone_ = all_gone_ && pool.all_gone();
  SiteSweep sweep = source.sweep();
  sweep.took = std::chrono::steady_clock::now() - begun;
  ask_.target.dir = package.dir;
  if (!output_.folder().empty() && files_) {
    files_ = write_findings(sweep, source);
  }
  all_.sweeps.push_back(std::move(sweep));
  return signal;
}

// The first is begun whatever the budget says, as if it were the only one.
Result<int> SweepCommand::sweep_all(const Fd& signals,
                                    const Session::Options& session,
                                    ProgressLine<SiteOutcome>& progress) {
  int signal = 0;
  for (const FoundPackage& package : targets_) {
    if (!package.has_tests) {
      all_.untested.push_back(package.what);
    } else if (signal != 0 || (!all_.sweeps.empty() && is_late())) {
      all_.not_begun.push_back(package.what);
    } else {
      TRY_ASSIGN(signal, sweep_one(package, signals, session, progress));
    }
  }
  all_.took = std::chrono::steady_clock::now() - start_;
  conclude_sweeps(all_);
  return signal;
}

int SweepCommand::run(const Surroundings& surroundings) {
  if (is_scenario()) {
    return sweep_scenario({what_.front(), jobs_, shows_coverage_}, output_,
                          surroundings);
  }
  start_ = std::chrono::steady_clock::now();
  auto signals = take_ending_signals();
  if (!signals) {
    return tell(signals.error());
  }
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Result<> known = read_known();
  known = known ? output_.ready() : known;
  Result<int> signal =
      known ? find_targets(*signals, session) : Result<int>(known.error());
  if (!signal) {
    return tell(signal.error());
  }
  peers_.ask(ask_.asked);
  if (!each_.empty()) {
    ask_.asked.each.clear();
  }
  for (const std::string& word : each_) {
    ask_.asked.each.push_back(*each_named(word));
  }
  if (*signal != 0) {
    return tell_interrupted(*signal, all_gone_);
  }
  ProgressLine<SiteOutcome> progress(surroundings);
  signal = sweep_all(*signals, session, progress);
  if (!signal) {
    return tell(signal.error());
  }
  int code = tell_all();
  return *signal == 0 ? code : tell_interrupted(*signal, all_gone_);
}

}  // namespace

CommandType sweep_command() {
  return command_type<SweepCommand>(
      "sweep", "what becomes of an error at each call site?",
      "faultrig sweep -j 2 --write findings ./store");
}

}  // namespace faultrig
