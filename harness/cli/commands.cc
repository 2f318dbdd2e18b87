#include "harness/cli/commands.h"

#include <chrono>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/campaign/catalogue.h"
#include "harness/judge/expectation.h"
#include "harness/plan/planner.h"
#include "harness/report/plan_text.h"
#include "harness/report/scenario_schema.h"
#include "harness/report/text.h"
#include "harness/store/evidence_file.h"

namespace faultrig {

namespace {

// The catalogue, or the exit code after having said what is wrong.
struct Chosen {
  Catalogue catalogue;
  int exit_code = 0;
};

Chosen choose(const Options& options) {
  auto catalogue = read_catalogue(options.selection);
  if (!catalogue) {
    return {{}, tell(catalogue.error())};
  }
  if (catalogue->wrong > 0) {
    complain(catalogue->complaints);
    return {std::move(*catalogue), kUsage};
  }
  return {std::move(*catalogue), 0};
}

}  // namespace

int check_command(const Options& options, const Surroundings&) {
  Chosen chosen = choose(options);
  if (chosen.exit_code == 0) {
    std::size_t count = chosen.catalogue.entries.size();
    print(std::to_string(count) + (count == 1 ? " scenario" : " scenarios") +
          ", no complaints\n");
  }
  return chosen.exit_code;
}

int plan_command(const Options& options, const Surroundings&) {
  Chosen chosen = choose(options);
  for (const Entry& entry : chosen.catalogue.entries) {
    print(plan_text(entry.plan));
  }
  return chosen.exit_code;
}

int list_command(const Options& options, const Surroundings&) {
  Chosen chosen = choose(options);
  std::size_t width = 0;
  for (const Entry& entry : chosen.catalogue.entries) {
    width = std::max(width, entry.plan.scenario.name.size());
  }
  for (const Entry& entry : chosen.catalogue.entries) {
    const Scenario& scenario = entry.plan.scenario;
    std::string name = for_one_line(scenario.name);
    name.resize(std::max(width, name.size()), ' ');
    print(name + "  " + for_one_line(join(scenario.tags, ", ")) + "\n");
  }
  return chosen.exit_code;
}

int judge_command(const Options& options, const Surroundings& surroundings) {
  auto start = std::chrono::steady_clock::now();
  Output output(
      options.reports,
      {{wants_color(options.color, surroundings)}, options.selection.seed},
      surroundings);
  for (const std::string& folder : options.selection.paths) {
    auto kept = read_evidence(folder);
    if (!kept) {
      return tell(kept.error());
    }
    auto scenario =
        scenario_from(kept->scenario_yaml, kept->scenario, kept->file);
    if (!scenario) {
      complain(scenario.error().what);
      return kUsage;
    }
    Evidence evidence(std::move(kept->parts));
    Judgement judgement = judge(*scenario, evidence);
    judgement.evidence = folder;
    if (!evidence.trace().empty()) {
      judgement.took = evidence.trace().back().at;
    }
    output.result(judgement);
  }
  auto finished = output.finish(std::chrono::steady_clock::now() - start);
  return finished ? exit_code_of(output.judgements()) : tell(finished.error());
}

int schema_command(const Options&, const Surroundings&) {
  print(scenario_schema(full_language()));
  return 0;
}

}  // namespace faultrig
