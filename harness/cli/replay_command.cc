// `faultrig replay`: from what was left of a failure to a scenario of it.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/campaign/minimise.h"
#include "harness/campaign/pool.h"
#include "harness/campaign/replay_source.h"
#include "harness/cli/arguments.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/replay_input.h"
#include "harness/cli/written_scenario.h"
#include "harness/os/scratch.h"
#include "harness/os/signals.h"
#include "harness/replay/replay_yaml.h"
#include "harness/report/replay_report.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

// How often a candidate is tried where --minimise alone asks for it.
constexpr int kTimes = 3;

class ReplayCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  using Word = std::vector<std::string>::const_iterator;
  Word first_package() const;
  Result<Replayed> read() const;
  Result<> name_all(Replayed& replayed) const;
  Result<int> run_them(Replayed& replayed, const Surroundings& surroundings);
  Result<int> try_all(Replayed& replayed, const Fd& signals,
                      const Surroundings& surroundings);
  Result<int> shrink(Replayed& replayed, const Fd& signals,
                     const Surroundings& surroundings);
  int tell_all(const Replayed& replayed) const;

  std::vector<std::string> words_;
  std::vector<std::string> command_;
  std::string folder_;
  int times_ = 0;
  bool minimise_ = false;
  bool json_ = false;
  bool all_gone_ = true;  // what was run, when a signal ended us
};

void ReplayCommand::declare(Arguments& arguments) {
  arguments.rest("FILE", words_, Arguments::Count::at_least_one,
                 "what strace(1) wrote, or a log, or - for stdin; several: "
                 "those of strace -ff; folders and import paths behind it are "
                 "Go packages, whose tests are run");
  arguments.word("--write", folder_,
                 "write a scenario into DIR for each fault that may have been "
                 "it");
  arguments.number("--verify", times_, {1, 1000},
                   "run each so often: does the failure come again?");
  arguments.flag("--minimise", minimise_,
                 "make the one that comes again each time as small as it goes");
  arguments.flag("--json", json_, "for programs");
  arguments.behind_dashes(command_, "[-- COMMAND [ARG...]]");
}

bool is_input(const std::string& word) {
  std::error_code failed;
  return word == "-" || fs::is_regular_file(word, failed) ||
         fs::is_fifo(word, failed);
}

// The first word is the file, however it is called.
ReplayCommand::Word ReplayCommand::first_package() const {
  return std::find_if_not(words_.begin() + 1, words_.end(), is_input);
}

std::string ReplayCommand::wrong() const {
  return !command_.empty() && first_package() != words_.end()
             ? "name a package or a command, not both"
             : "";
}

// Why this is no scenario here, without its place in a file that is none.
std::string why_none(std::string text) {
  text = text.substr(0, text.find('\n'));
  std::size_t place = text.find("replay.yaml:");
  std::size_t behind = place == text.npos ? text.npos : text.find(": ", place);
  return behind == text.npos ? text : text.substr(behind + 2);
}

// One that is no scenario here is not told as one.
void drop_unfit(Replayed& replayed) {
  std::erase_if(replayed.candidates, [&](ReplayCandidate& one) {
    one.yaml = replay_yaml(replayed, one);
    auto entry = replay_entry(replayed, one);
    if (!entry) {
      ++replayed.dropped;
      replayed.notes.push_back("no scenario of " + one.what + ": " +
                               why_none(entry.error().what));
    }
    return !entry;
  });
}

// What the failure says is what is said of the likeliest that is left.
void make_scenarios(Replayed& replayed) {
  drop_unfit(replayed);
  std::string& said = replayed.failure.error_line;
  if (said.empty() && !replayed.candidates.empty()) {
    said = replayed.candidates.front().words;
    drop_unfit(replayed);
  }
  for (std::size_t i = 0; i < replayed.candidates.size(); ++i) {
    ReplayCandidate& one = replayed.candidates[i];
    one.name = fmt::format("{}-{}", i + 1, one.name);
  }
}

Result<Replayed> ReplayCommand::read() const {
  std::error_code failed;
  std::string here = fs::current_path(failed).string();
  Word packages = first_package();
  std::vector<std::string> files(words_.begin(), packages);
  TRY_ASSIGN(Replayed out, read_replayed(files, here));
  out.file = files.front();
  ReplayWorkload& workload = out.workload;
  if (packages != words_.end()) {
    workload = {here, {}, {packages, words_.end()}, workload.run, {}};
  } else if (!command_.empty()) {
    workload = {here, command_, {}, "", {}};
  }
  bool nothing = workload.command.empty() && workload.packages.empty();
  if (nothing && !out.candidates.empty()) {
    return usage_error(for_one_line(out.file) +
                       " does not say what was run: name a Go package, or a "
                       "command behind --");
  }
  make_scenarios(out);
  return out;
}

// Where they are written to; all of that is asked before anything is run.
Result<> ReplayCommand::name_all(Replayed& replayed) const {
  TRY(make_scenario_folder(folder_));
  for (ReplayCandidate& one : replayed.candidates) {
    one.scenario = scenario_file(folder_, one.name);
    TRY(refuse_other(one.scenario, one.yaml));
  }
  return Ok{};
}

Result<> write_all(const Replayed& replayed) {
  for (const ReplayCandidate& one : replayed.candidates) {
    TRY(write_scenario(one.scenario, one.yaml));
  }
  return Ok{};
}

Result<int> ReplayCommand::try_all(Replayed& replayed, const Fd& signals,
                                   const Surroundings& surroundings) {
  ProgressLine<ReplayTries> progress(surroundings);
  ReplaySource source(replayed, times_ == 0 ? kTimes : times_, progress);
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = replay_deed();
  Pool pool(source, 1, [&](int socket) { return work(socket, session, deed); });
  Result<int> signal = progress.run(pool, signals);
  all_gone_ = pool.all_gone();
  return signal;
}

bool recurs(const Replayed& replayed) {
  const ReplayTries& tries = replayed.candidates[best_of(replayed)].tries;
  return tries.times > 0 && tries.same == tries.times;
}

Result<int> ReplayCommand::shrink(Replayed& replayed, const Fd& signals,
                                  const Surroundings& surroundings) {
  const ReplayCandidate& best = replayed.candidates[best_of(replayed)];
  TRY_ASSIGN(Entry entry, replay_entry(replayed, best));
  TRY_ASSIGN(auto folder, make_scratch(owner_name()));
  MinimiseSource source(entry, folder.path() / "notes");
  ProgressLine<Minimised> progress(surroundings);
  progress.progress("how small can it be?");
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = minimise_deed();
  Pool pool(source, 1, [&](int socket) { return work(socket, session, deed); });
  TRY_ASSIGN(int signal, progress.run(pool, signals));
  all_gone_ = pool.all_gone();
  if (signal == 0) {
    TRY_ASSIGN(Minimised made, source.minimised());
    replayed.smallest = made.yaml;
  }
  return signal;
}

int ReplayCommand::tell_all(const Replayed& replayed) const {
  bool none = replayed.candidates.empty();
  bool all_written = !folder_.empty() && replayed.smallest.empty();
  std::string text = json_                 ? replay_json(replayed)
                     : none || all_written ? replay_text(replayed)
                                           : replay_scenario(replayed);
  if (!(json_ ? print(text) : print_text(text)) || none) {
    return kTrouble;
  }
  bool tried = times_ > 0 || minimise_;
  return tried && !recurs(replayed) ? 1 : 0;
}

// Only what runs something takes the signals: while a file is read, which may
// be a terminal, they end us as they end any program.
Result<int> ReplayCommand::run_them(Replayed& replayed,
                                    const Surroundings& surroundings) {
  TRY_ASSIGN(Fd signals, take_ending_signals());
  TRY_ASSIGN(int signal, try_all(replayed, signals, surroundings));
  return minimise_ && signal == 0 && recurs(replayed)
             ? shrink(replayed, signals, surroundings)
             : signal;
}

int ReplayCommand::run(const Surroundings& surroundings) {
  auto replayed = read();
  if (!replayed) {
    return tell(replayed.error());
  }
  auto named = folder_.empty() ? Result<>(Ok{}) : name_all(*replayed);
  if (!named) {
    return tell(named.error());
  }
  bool runs = (times_ > 0 || minimise_) && !replayed->candidates.empty();
  Result<int> signal = runs ? run_them(*replayed, surroundings) : 0;
  if (!signal) {
    return tell(signal.error());
  }
  if (*signal != 0) {
    // What was found and tried until then was worth its time.
    replayed->notes.push_back("interrupted: not all was tried that was asked");
    (void)tell_all(*replayed);
    return tell_interrupted(*signal, all_gone_);
  }
  if (auto written = folder_.empty() ? Result<>(Ok{}) : write_all(*replayed);
      !written) {
    return tell(written.error());
  }
  return tell_all(*replayed);
}

}  // namespace

CommandType replay_command() {
  return command_type<ReplayCommand>(
      "replay", "make a scenario of a strace output or a log",
      "faultrig replay trace.txt --verify 3 -- ./server --once\n"
      "Exit codes: 0 there is one, and with --verify its failure came again "
      "each time; 1 it did not; 3 no fault was found.");
}

}  // namespace faultrig
