#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/campaign/catalogue.h"
#include "harness/campaign/worker_body.h"
#include "harness/model/verdict.h"
#include "harness/run/runner.h"

namespace faultrig {

// What a worker is asked: the golden run of an entry's workload, or the entry
// itself with what its golden run gave.
struct ScenarioTask {
  bool golden = false;
  std::size_t entry = 0;
  int repeat = 0;
  GoldenResult result;
};

// What it answers.
struct ScenarioAnswer {
  // golden: how it went, or why this entry cannot run here.
  GoldenResult golden;
  std::optional<Error> refused;
  // otherwise:
  Judgement judgement;
};

std::string order_text(const ScenarioTask& task);
Result<ScenarioTask> parse_order(const std::string& text);
std::string answer_text(const ScenarioTask& task, const ScenarioAnswer& answer);
Result<ScenarioAnswer> parse_answer(const ScenarioTask& task,
                                    const std::string& text);

// Of a scenario that was not run, or not to an end that can be judged: skipped
// where this machine cannot do it (unsupported), else an error.
Judgement judgement_without_run(const Plan& plan, const Error& why, int repeat);
// The same as an answer; whoever waits for it as for a golden run is told that
// it went wrong.
ScenarioAnswer answer_without_run(const Plan& plan, const Error& why,
                                  int repeat);

// The entry's name and file as they are told, without secrets of `environment`
// (NAME=value) or of its own `env`.
ScenarioFile shown_of(const Entry& entry,
                      const std::vector<std::string>& environment);

struct Keeping {
  std::string evidence;  // the folder below which it is kept; empty: nowhere
  bool details = false;  // give Judgement::details
};

// Does tasks about these entries, which must outlive it.
Deed scenario_deed(const std::vector<Entry>& entries, Keeping keeping);

}  // namespace faultrig
