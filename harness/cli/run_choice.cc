#include "harness/cli/run_choice.h"

#include <fcntl.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/campaign/changed_since.h"
#include "harness/campaign/scenario_task.h"
#include "harness/cli/named_file.h"
#include "harness/cli/output.h"
#include "harness/cli/printing.h"
#include "harness/parse/quarantine_reader.h"
#include "harness/report/kept_report.h"

namespace faultrig {

namespace {

// Bazel takes a test that does not touch this file for one that knows no
// shards, and runs all of it in each.
constexpr std::string_view kBazelStatus = "TEST_SHARD_STATUS_FILE=";

// Passed, or could not run here.
bool is_settled(const Judgement& judgement) {
  return judgement.apart.not_run.empty() && is_good(judgement.verdict);
}

// A report has names of files without the secrets of `environment`.
Result<std::vector<Entry>> again(std::vector<Entry> entries,
                                 const KeptReport& report,
                                 const std::vector<std::string>& environment) {
  std::set<std::string> wanted;
  for (const Judgement& judgement : report.scenarios) {
    if (!is_settled(judgement)) {
      wanted.insert(absolute_file(judgement.file));
    }
  }
  std::vector<Entry> out;
  std::set<std::string> found;
  for (Entry& entry : entries) {
    std::string file =
        absolute_file(shown_of(entry, environment).file.string());
    if (wanted.count(file) > 0) {
      found.insert(file);
      out.push_back(std::move(entry));
    }
  }
  for (const std::string& file : wanted) {
    if (found.count(file) == 0) {
      return usage_error("--rerun: " + for_one_line(file) +
                         " did not pass, and is none of the scenarios named "
                         "now");
    }
  }
  return out;
}

constexpr std::size_t kMostNames = 8;

std::string counted(std::string_view option, const std::string& of,
                    std::size_t chosen, std::size_t all) {
  return fmt::format("{} {}: {} of {} scenarios", option, for_one_line(of),
                     chosen, all);
}

// What is not chosen is no part of any report: only here it is told of.
std::vector<std::string> told_of(const std::string& since,
                                 const ChangedEntries& changed,
                                 std::size_t all) {
  std::vector<std::string> out{
      counted("--changed-since", since, changed.entries.size(), all)};
  for (const auto& [why, which] : changed.unknown) {
    std::vector<std::string> names = which;
    names.resize(std::min(which.size(), kMostNames));
    std::string more =
        which.size() > kMostNames
            ? fmt::format(", ... and {} more", which.size() - kMostNames)
            : "";
    out.push_back(fmt::format("not known of {}{}: {}",
                              for_one_line(join(names, ", ")), more, why));
  }
  return out;
}

Result<> tell_bazel(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment) {
    if (entry.starts_with(kBazelStatus)) {
      TRY(append_text(entry.substr(kBazelStatus.size()), ""));
    }
  }
  return Ok{};
}

}  // namespace

void RunChoice::declare(Arguments& arguments) {
  arguments.word("--rerun", rerun_,
                 "only what did not pass in FILE, of --report json");
  arguments.read(
      "--changed-since",
      [this](const std::string& text) {
        since_ = text;
        return std::string(text.empty() ? "expected a revision of git" : "");
      },
      "only what changed since REV of git: its file, or what its "
      "workload is made from; what is not known runs");
  arguments.word("--shard", shard_text_,
                 "only part I of N, as I/N; auto: as the CI engine says");
  arguments.word("--timings", timings_,
                 "what FILE, of --report json, tells of an earlier run: "
                 "balances shards, orders what --budget has time for");
  arguments.read(
      "--budget",
      [this](const std::string& text) -> std::string {
        auto budget = parse_budget(text);
        budget_ = budget.value_or(Budget());
        return budget ? "" : budget.error().what;
      },
      "begin nothing after TIME, such as 5m; what failed or was not run in "
      "the report of --timings goes first");
  arguments.word("--baseline", baseline_,
                 "what did not pass in FILE, of --report json, is not red if "
                 "it comes to the same");
  arguments.word("--quarantine", quarantine_,
                 "scenarios that are not red until a day: YAML, `quarantine`, "
                 "a list of {scenario, until, because}");
}

Result<Excuses> RunChoice::excuses() const {
  Excuses out;
  if (!baseline_.empty()) {
    TRY_ASSIGN(KeptReport report, read_report(baseline_));
    out.add_baseline(report.scenarios, baseline_);
  }
  if (!quarantine_.empty()) {
    TRY_ASSIGN(std::string text, read_named(quarantine_));
    ReadQuarantine read = read_quarantine(text);
    if (!read.complaints.empty()) {
      return usage_error(
          format_complaint(quarantine_, text, read.complaints.front()));
    }
    std::string now = style_of_now({}, 1).started;
    out.add_quarantine(std::move(read.rows), now.substr(0, now.find('T')));
  }
  return out;
}

std::vector<std::filesystem::path> RunChoice::excusing() const {
  std::vector<std::filesystem::path> out;
  for (const std::string& file : {baseline_, quarantine_}) {
    if (!file.empty()) {
      out.emplace_back(file);
    }
  }
  return out;
}

std::string RunChoice::wrong() const {
  bool used = !shard_text_.empty() || budget_.any();
  return !timings_.empty() && !used ? "--timings needs --shard or --budget"
                                    : "";
}

Result<std::vector<Entry>> RunChoice::choose(
    std::vector<Entry> entries, const std::vector<std::string>& environment) {
  if (!rerun_.empty()) {
    TRY_ASSIGN(KeptReport report, read_report(rerun_));
    std::size_t all = entries.size();
    TRY_ASSIGN(entries, again(std::move(entries), report, environment));
    chosen_.push_back(counted("--rerun", rerun_, entries.size(), all));
  }
  if (!since_.empty()) {
    std::size_t all = entries.size();
    TRY_ASSIGN(ChangedEntries changed,
               changed_since(since_, std::move(entries),
                             {environment, FAULTRIG_VERSION}));
    std::vector<std::string> lines = told_of(since_, changed, all);
    complain(join(lines, "\n  ") + "\n");
    chosen_.insert(chosen_.end(), lines.begin(), lines.end());
    entries = std::move(changed.entries);
  }
  return part_in_order(std::move(entries), environment);
}

Result<std::vector<Entry>> RunChoice::part_in_order(
    std::vector<Entry> entries, const std::vector<std::string>& environment) {
  std::vector<Judgement> earlier;
  if (!timings_.empty()) {
    TRY_ASSIGN(KeptReport report, read_report(timings_));
    earlier = std::move(report.scenarios);
  }
  if (!shard_text_.empty()) {
    TRY_ASSIGN(shard_, parse_shard(shard_text_, environment));
    TRY(tell_bazel(environment));
    entries = part_of(std::move(entries), timings_of(earlier), shard_);
  }
  return budget_.any() ? by_worth(std::move(entries), earlier)
                       : std::move(entries);
}

}  // namespace faultrig
