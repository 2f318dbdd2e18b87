#include "tests/circle/circle.h"

#include <fcntl.h>

#include <algorithm>

#include "harness/base/fd.h"
#include "harness/base/text.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "tests/injectors/rig.h"

namespace faultrig {

namespace {

std::string file_text(const std::string& path) {
  return read_file(AT_FDCWD, std::string(FAULTRIG_SOURCE_DIR) + "/" + path,
                   4 << 20)
      .value_or("");
}

std::optional<Scenario> scenario_of(const Cause& cause) {
  std::string path = "scenarios/" + cause.scenario + ".yaml";
  ReadScenario read = read_scenario(
      file_text(path),
      {cause.scenario, std::string(FAULTRIG_SOURCE_DIR) + "/" + path},
      full_language());
  return std::move(read.scenario);
}

void set_form(Scenario& scenario, const std::string& form) {
  scenario.expect.clear();
  scenario.golden = false;
  if (!scenario.workload.go_test) {
    return;
  }
  GoTest& test = *scenario.workload.go_test;
  test.mode = GoTest::Mode::chain;
  std::erase_if(test.flags, [](const std::string& flag) {
    return flag == "-v" || flag == "-json";
  });
  if (form != "text") {
    test.flags.push_back("-" + form);
  }
}

}  // namespace

Remains run_cause(const Cause& cause, const std::string& form) {
  auto scenario = scenario_of(cause);
  if (!scenario) {
    return {"", std::nullopt, "no scenario " + cause.scenario};
  }
  set_form(*scenario, form);
  Planned planned = make_plan(*scenario, 1);
  if (!planned.plan) {
    return {"", std::nullopt, "no plan for " + cause.scenario};
  }
  if (auto missing = Rig::session().missing_for(*planned.plan)) {
    return {"", std::nullopt, *missing};
  }
  auto evidence = run_plan(Rig::session(), *planned.plan, {});
  if (!evidence) {
    return {"", std::nullopt, evidence.error().what};
  }
  std::string log = evidence->err() + evidence->out();
  return {log, std::move(*evidence), ""};
}

bool has_form(const Cause& cause, const std::string& form) {
  auto scenario = scenario_of(cause);
  return form == "text" || (scenario && scenario->workload.go_test);
}

std::string kept_row(const Cause& cause) {
  static const std::string kPage = file_text("docs/precision.md");
  for (std::string_view line : lines_of(kPage)) {
    if (line.starts_with("| " + cause.id + " |")) {
      return std::string(line);
    }
  }
  return "";
}

}  // namespace faultrig
