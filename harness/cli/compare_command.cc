// `faultrig compare`: does it still do what it did, and take as long?
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/campaign/checked_out.h"
#include "harness/campaign/pool.h"
#include "harness/cli/arguments.h"
#include "harness/cli/printing.h"
#include "harness/cli/progress_line.h"
#include "harness/cli/snapshot_target.h"
#include "harness/cli/stored_side.h"
#include "harness/os/scratch.h"
#include "harness/os/signals.h"
#include "harness/report/compare_report.h"
#include "harness/sweep/latency.h"

namespace faultrig {

namespace {

constexpr int kMostTolerance = 1000;
constexpr int kPercent = 100;

class CompareCommand : public Command {
 public:
  void declare(Arguments& arguments) override;
  std::string wrong() const override;
  int run(const Surroundings& surroundings) override;

 private:
  bool are_revisions() const;
  Result<Comparison> compare_stored() const;
  Result<Comparison> compare_revisions(const Surroundings& surroundings);
  std::vector<ComparedOrder> orders(const ComparedYaml& first,
                                    const ComparedYaml& second) const;
  Result<std::vector<ComparedRun>> make_runs(
      const std::vector<ComparedOrder>& orders, const Fd& signals,
      const Surroundings& surroundings);
  int tell_comparison(const Comparison& comparison) const;

  std::vector<std::string> words_;
  SnapshotTarget target_;
  bool commits_ = false;
  std::string report_ = "text";
  int runs_ = 5;
  int times_ = 15;
  int tolerance_ = 10;
  int signal_ = 0;
  bool all_gone_ = true;
};

void CompareCommand::declare(Arguments& arguments) {
  arguments.rest(
      "A", words_, Arguments::Count::at_least_one,
      "A and B: two snapshots, two folders of kept evidence, one of "
      "each, or two revisions of the git repository here; behind "
      "two revisions a scenario or the folder of a package (default: "
      "this one), as each revision has it, or -- COMMAND");
  arguments.flag("--commits", commits_,
                 "A and B are revisions, even if files are called so");
  arguments.number("--runs", runs_, {1, 100},
                   "of revisions: so many runs of each show what it does "
                   "(default: 5)");
  arguments.number("--times", times_, {0, 500},
                   "of revisions: so many more of each, in turns and with "
                   "nothing watched, show how long it takes; 0: do not ask "
                   "(default: 15)");
  arguments.number("--tolerance", tolerance_, {1, kMostTolerance},
                   "so many percent more or less are the same time (default: "
                   "10)");
  arguments.word("--report", report_, "text (default) or json");
  arguments.offer("--report", {"text", "json"});
  target_.declare(arguments);
}

bool CompareCommand::are_revisions() const {
  return commits_ || !is_stored(words_[0]) || !is_stored(words_[1]);
}

std::string CompareCommand::wrong() const {
  if (words_.size() < 2) {
    return "name two things to compare";
  }
  if (report_ != "text" && report_ != "json") {
    return "--report: expected text or json, not " + report_;
  }
  if (times_ > 0 && times_ < kLeastRuns) {
    return fmt::format("--times: expected 0, or {} at least", kLeastRuns);
  }
  bool more = words_.size() > 2 || !target_.command.empty();
  if (!are_revisions() && (more || !target_.run.empty())) {
    return "files and folders are compared as they are; --commits says that "
           "they are revisions";
  }
  SnapshotTarget target = target_;
  target.what.assign(words_.begin() + 2, words_.end());
  return target.wrong();
}

// What both must have in common, or is to be known.
void note_differences(const Snapshot& first, const Snapshot& second,
                      Comparison& comparison) {
  auto differ = [&](const char* what, const std::string& a,
                    const std::string& b) {
    if (a != b && !a.empty() && !b.empty()) {
      comparison.notes.push_back(std::string(what) + " " + a +
                                 " of the first, " + b + " of the second");
    }
  };
  differ("made by faultrig", first.faultrig, second.faultrig);
  differ("with", first.go, second.go);
  differ("they are of two things:", first.of, second.of);
  if (first.runs == 1 || second.runs == 1) {
    comparison.notes.emplace_back(
        "of one run nobody knows what comes and goes: record several");
  }
}

Result<Comparison> CompareCommand::compare_stored() const {
  TRY_ASSIGN(Snapshot first, stored_side(words_[0]));
  TRY_ASSIGN(Snapshot second, stored_side(words_[1]));
  Comparison out;
  out.first = words_[0];
  out.second = words_[1];
  out.features = compare_snapshots(first, second);
  note_differences(first, second, out);
  return out;
}

// In turns, so that what else the machine does meets both alike. The first run
// of each builds it.
std::vector<ComparedOrder> CompareCommand::orders(
    const ComparedYaml& first, const ComparedYaml& second) const {
  std::vector<ComparedOrder> out;
  for (int i = 0; i < runs_; ++i) {
    out.push_back({0, true, first.watched});
    out.push_back({1, true, second.watched});
  }
  for (int i = 0; i < times_; ++i) {
    out.push_back({0, false, first.plain});
    out.push_back({1, false, second.plain});
  }
  return out;
}

Result<std::vector<ComparedRun>> CompareCommand::make_runs(
    const std::vector<ComparedOrder>& orders, const Fd& signals,
    const Surroundings& surroundings) {
  ProgressLine<ComparedRun> progress(surroundings);
  ComparedRuns source(
      orders, [&](const std::string& what) { progress.progress(what); });
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  Deed deed = compared_deed();
  Pool pool(source, 1, [&](int socket) { return work(socket, session, deed); });
  TRY_ASSIGN(signal_, progress.run(pool, signals));
  all_gone_ = pool.all_gone();
  return signal_ != 0 ? std::vector<ComparedRun>() : source.runs();
}

Result<Comparison> CompareCommand::compare_revisions(
    const Surroundings& surroundings) {
  TRY_ASSIGN(Fd signals, take_ending_signals());
  TRY_ASSIGN(TempDir folder, make_work_folder(owner_name()));
  Session::Options session{surroundings.environment, FAULTRIG_VERSION};
  std::vector<std::string> names(words_.begin(), words_.begin() + 2);
  TRY_ASSIGN(CheckedOut trees, check_out(names, folder.path(), session));
  target_.what.assign(words_.begin() + 2, words_.end());
  std::vector<ComparedYaml> sides;
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto yaml = target_.yaml(trees.tops[i] / trees.below);
    if (!yaml) {
      return with_prefix("at revision " + for_one_line(names[i]), yaml.error());
    }
    sides.push_back(*std::move(yaml));
  }
  TRY_ASSIGN(std::vector<ComparedRun> runs,
             make_runs(orders(sides[0], sides[1]), signals, surroundings));
  Comparison out;
  constexpr std::size_t kShort = 12;
  out.first = names[0] + " " + trees.commits[0].substr(0, kShort);
  out.second = names[1] + " " + trees.commits[1].substr(0, kShort);
  if (signal_ == 0) {
    Snapshot first = snapshot_of_side(runs, 0);
    Snapshot second = snapshot_of_side(runs, 1);
    out.features = compare_snapshots(first, second);
    note_differences(first, second, out);
  }
  if (signal_ == 0 && times_ > 0) {
    out.latency = latency_of(times_of_side(runs, 0), times_of_side(runs, 1),
                             static_cast<double>(tolerance_) / kPercent);
  }
  return out;
}

int CompareCommand::tell_comparison(const Comparison& comparison) const {
  bool told = report_ == "json" ? print(compare_json(comparison))
                                : print_text(compare_text(comparison));
  using Verdict = Comparison::Verdict;
  Verdict verdict = comparison.verdict();
  return !told                           ? kTrouble
         : verdict == Verdict::same      ? 0
         : verdict == Verdict::different ? 1
                                         : kTrouble;
}

int CompareCommand::run(const Surroundings& surroundings) {
  auto compared =
      are_revisions() ? compare_revisions(surroundings) : compare_stored();
  if (!compared) {
    return tell(compared.error());
  }
  return signal_ != 0 ? tell_interrupted(signal_, all_gone_)
                      : tell_comparison(*compared);
}

}  // namespace

CommandType compare_command() {
  return command_type<CompareCommand>(
      "compare", "one program beside another: what is new, gone, slower?",
      "faultrig compare main HEAD ./shop\n"
      "Exit codes: 0 the same; 1 different; 3 nobody can tell.");
}

}  // namespace faultrig
