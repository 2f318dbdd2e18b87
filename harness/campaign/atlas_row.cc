// The same scenario in every way in which people start a test. The wrappers
// are the real ones: go, go run, sh. go run has the test binary started in
// place of its own program, through -exec: it waits for it and tells its end
// as for any other.
#include "harness/campaign/atlas_row.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "harness/base/fd.h"
#include "harness/base/names.h"
#include "harness/explain/outcome.h"
#include "harness/parse/scenario_reader.h"
#include "harness/plan/planner.h"
#include "harness/run/runner.h"

namespace faultrig {

namespace {

constexpr std::chrono::seconds kPatience{20};

Result<Scenario> scenario_of(const Cause& cause,
                             const std::filesystem::path& catalogue) {
  std::filesystem::path file = catalogue / (cause.scenario + ".yaml");
  TRY_ASSIGN(std::string text, read_file(AT_FDCWD, file.string()));
  ReadScenario read =
      read_scenario(text, {cause.scenario, file}, full_language());
  if (!read.scenario) {
    return usage_error(file.string() + " has complaints: faultrig check");
  }
  return std::move(*read.scenario);
}

std::optional<Wrapper> wrapper_of(std::string_view column) {
  return column == "go_run"     ? std::optional(Wrapper::go_run)
         : column == "shell"    ? std::optional(Wrapper::shell)
         : column == "pipeline" ? std::optional(Wrapper::pipeline)
                                : std::nullopt;
}

void set_form(GoTest& test, std::string_view column) {
  test.mode = GoTest::Mode::chain;
  std::erase_if(test.flags, [](const std::string& flag) {
    return flag == "-v" || flag == "-json";
  });
  if (column == "v" || column == "json") {
    test.flags.insert(test.flags.begin(), "-" + std::string(column));
  }
}

Result<Plan> plan_of(Scenario scenario, std::string_view column) {
  scenario.expect.clear();
  scenario.golden = false;
  auto wrapper = wrapper_of(column);
  if (!scenario.workload.go_test && column != "text") {
    return unsupported_error("a plain command");
  }
  if (scenario.workload.go_test) {
    set_form(*scenario.workload.go_test, column);
  }
  if (wrapper) {
    scenario.workload.deadline = std::min<std::chrono::nanoseconds>(
        scenario.workload.deadline, kPatience);
  }
  Planned planned = make_plan(scenario, 1);
  if (!planned.plan) {
    return usage_error(planned.troubles.front().what);
  }
  planned.plan->wrapper = wrapper.value_or(Wrapper::go_test);
  return std::move(*planned.plan);
}

// The wrapper's end, as the shell that started it has it in $?.
std::string shown_by(const Evidence& evidence) {
  if (evidence.first(Fact::deadline_passed)) {
    return "hangs";
  }
  if (evidence.exits().empty() || !evidence.exits().back().status) {
    return "-";
  }
  return std::to_string(evidence.exits().back().status->shell_code());
}

std::string end_of_binary(const Evidence& evidence) {
  for (const LinkEnd& end : evidence.exits()) {
    if (end.link == Link::go) {
      continue;
    }
    if (!end.status) {
      return "never_started";
    }
    return end.status->killed() ? signal_name(end.status->signal())
                                : std::to_string(end.status->exit_code());
  }
  return "never_started";
}

Explained explained(const Explainer& explainer, const std::string& log) {
  LogExplainer reader(explainer);
  reader.feed(log);
  return reader.finish();
}

// The Go of this session, as a passing test tells it: a plain command, or a
// scenario that breaks go, does not.
std::string session_go(Session& session,
                       const std::filesystem::path& catalogue) {
  std::string& known = session.learnt().words["the go of the atlas"];
  if (known.empty()) {
    Cause plain;
    plain.scenario = "exits/pass";
    auto remains = provoke(session, plain, catalogue, "text");
    known = remains ? remains->evidence->provenance().go : "unknown";
  }
  return known;
}

// Of those that ended otherwise, the wrappers tell something of their own.
bool starts_a_binary(const Cause& cause) {
  return cause.link == "test" || cause.link == "exec";
}

}  // namespace

Result<Remains> provoke(Session& session, const Cause& cause,
                        const std::filesystem::path& catalogue,
                        std::string_view column) {
  TRY_ASSIGN(Scenario scenario, scenario_of(cause, catalogue));
  TRY_ASSIGN(Plan plan, plan_of(std::move(scenario), column));
  TRY(session.can_run(plan));
  TRY_ASSIGN(Evidence evidence, run_plan(session, plan, {}));
  std::string log = evidence.err() + evidence.out();
  return Remains{std::move(log), std::move(evidence)};
}

AtlasRow atlas_row(Session& session, const Cause& cause,
                   const std::filesystem::path& catalogue,
                   const Explainer& explainer, AtlasWidth width) {
  AtlasRow row;
  row.cause = cause.id;
  row.title = cause.title;
  row.link = cause.link;
  row.scenario = cause.scenario;
  auto go = session_go(session, catalogue);
  if (!cause.go.empty() && !holds_for(cause.go, go)) {
    row.skipped = "not a cause with " + go;
    return row;
  }
  for (const AtlasColumn& column : atlas_columns()) {
    bool wrapped = wrapper_of(column.key).has_value();
    bool wanted = width == AtlasWidth::all && starts_a_binary(cause);
    if (wrapped && !wanted) {
      continue;
    }
    auto remains = provoke(session, cause, catalogue, column.key);
    if (!remains && column.key == "text") {
      row.skipped = remains.error().what;
      return row;
    }
    if (!remains) {
      continue;
    }
    AtlasCell cell{shown_by(*remains->evidence), ""};
    if (!wrapped) {
      cell.outcome = outcome(cause, explained(explainer, remains->log));
    }
    if (column.key == "text") {
      row.binary = end_of_binary(*remains->evidence);
      row.evidence = outcome(cause, explainer.explain(*remains->evidence));
      row.go = remains->evidence->provenance().go;
    }
    row.cells.emplace(column.key, std::move(cell));
  }
  return row;
}

}  // namespace faultrig
