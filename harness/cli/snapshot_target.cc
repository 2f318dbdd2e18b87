#include "harness/cli/snapshot_target.h"

#include <system_error>
#include <utility>

#include "harness/base/text.h"
#include "harness/campaign/base_scenario.h"
#include "harness/campaign/catalogue.h"
#include "harness/cli/named_file.h"
#include "harness/cli/sweep_scenario.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"

namespace faultrig {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kDeadline{5};
constexpr std::size_t kMostScenario = 1 << 20;

// With its complaints, where there are any.
Result<Entry> as_it_is(const fs::path& file) {
  Selection selection;
  selection.paths = {file.string()};
  TRY_ASSIGN(Catalogue found, read_catalogue(selection));
  if (found.wrong > 0 || found.entries.size() != 1) {
    std::string what = found.complaints;
    return usage_error(what.substr(0, what.find_last_not_of('\n') + 1));
  }
  return std::move(found.entries.front());
}

Result<Entry> read_entry(const fs::path& file) {
  auto given = read_named(file.string(), kMostScenario);
  auto yaml = given ? without_snapshots(*given) : given;
  if (!yaml) {
    return as_it_is(file);
  }
  ReadScenario read =
      read_scenario(*yaml, {file.stem().string(), file}, full_language());
  if (!read.scenario) {
    return as_it_is(file);
  }
  TRY_ASSIGN(Plan plan, plan_or_trouble(*read.scenario));
  return Entry{std::move(plan), *yaml, ""};
}

Result<ComparedYaml> of_scenario(const fs::path& file) {
  TRY_ASSIGN(Entry entry, read_entry(file));
  const Scenario& scenario = entry.plan.scenario;
  if (scenario.sweep) {
    return usage_error(file.string() +
                       " has a sweep: its runs are not one program's");
  }
  SweepTarget target;
  TRY_ASSIGN(target.base, base_yaml(entry));
  return compared_yaml(target, scenario.workload.deadline);
}

}  // namespace

void SnapshotTarget::declare(Arguments& arguments) {
  arguments.word("--run", run, "only these tests, as go test");
  arguments.words("--flag", flags,
                  "a flag for go test, such as -race; may repeat");
  arguments.behind_dashes(command, "[-- COMMAND [ARG...]]");
}

std::string SnapshotTarget::wrong() const {
  if (what.size() > 1) {
    return "name one scenario or one package";
  }
  bool scenario = !what.empty() && names_scenario(what.front());
  if (scenario && (!run.empty() || !flags.empty())) {
    return "a scenario says itself which tests are run, and with which flags";
  }
  return !what.empty() && !command.empty()
             ? "name a scenario, a package or a command, not two of them"
             : "";
}

std::string SnapshotTarget::text() const {
  if (!command.empty()) {
    return "-- " + shell_line(command);
  }
  std::vector<std::string> words{what.empty() ? "." : what.front()};
  words.insert(words.end(), flags.begin(), flags.end());
  if (!run.empty()) {
    words.insert(words.end(), {"-run", run});
  }
  return shell_line(words);
}

Result<ComparedYaml> SnapshotTarget::yaml(const fs::path& here) const {
  std::string word = what.empty() ? "." : what.front();
  if (command.empty() && names_scenario(word)) {
    return of_scenario(here / word);
  }
  SweepTarget target;
  target.dir = here;
  target.command = command;
  target.run = run;
  target.flags = flags;
  if (command.empty()) {
    target.dir = (here / word).lexically_normal();
  }
  std::error_code failed;
  if (!fs::is_directory(target.dir, failed)) {
    return usage_error("there is no folder " + word +
                       ": name that of a package, a scenario, or a command "
                       "behind --");
  }
  return compared_yaml(target, kDeadline);
}

}  // namespace faultrig
