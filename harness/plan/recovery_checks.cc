// Nothing recovers from a fault that lasts to the end.
#include "harness/plan/recovery_checks.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "harness/base/units.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

std::vector<FaultId> released(const Scenario& scenario, const Params& params) {
  std::vector<FaultId> called = faults_called(
      scenario.faults, params.get_or<std::string>("after", ""), kNoFault);
  std::erase_if(called, [&](FaultId fault) {
    return !scenario.faults[static_cast<std::size_t>(fault)].is_released();
  });
  return called;
}

bool has_load(const Scenario& scenario, const std::string& name) {
  const auto& service = scenario.workload.service;
  return service && std::any_of(service->load.begin(), service->load.end(),
                                [&](const Load& load) {
                                  return !load.is_held() &&
                                         (name.empty() || load.name == name);
                                });
}

void look_at(const Scenario& scenario, const Expectation& asked,
             std::vector<PlanTrouble>& out) {
  const Params& params = asked.params;
  const auto* after = params.find<std::string>("after");
  if (after != nullptr && released(scenario, params).empty()) {
    out.push_back({params.place("after"),
                   "'" + *after + "' is never released: it has no until"});
  }
  auto of = params.get_or<std::string>("of", "");
  if (params.has("requests") && !has_load(scenario, of)) {
    out.push_back({asked.place, of.empty()
                                    ? "no service is asked for anything"
                                    : "no load has the name '" + of + "'"});
  } else if (!of.empty() && !params.has("requests")) {
    out.push_back({params.place("of"), "'of' stands only beside 'requests'"});
  }
  const auto& go = scenario.workload.go_test;
  if (params.has("output") && go && go->mode == GoTest::Mode::chain) {
    out.push_back({params.place("output"),
                   "go test hands lines on when it likes, not when they are "
                   "printed: say `mode: binary`"});
  }
  for (const char* key : {"path", "fd"}) {
    if (params.has(key) && !params.has("call")) {
      out.push_back({params.place(key),
                     "'" + std::string(key) + "' stands only beside 'call'"});
    }
  }
  auto within = params.get_or("within", nanoseconds(0));
  if (params.has("within") && within.count() == 0) {
    out.push_back({params.place("within"), "within 0s nothing can come"});
  }
  nanoseconds deadline = scenario.workload.deadline;
  if (within >= deadline) {
    out.push_back({params.place("within"),
                   "the run is stopped after " + format_duration(deadline) +
                       ": within " + format_duration(within) +
                       " asks nothing"});
  }
}

void look_at(const Scenario& scenario, const Fault& fault,
             std::vector<PlanTrouble>& out) {
  nanoseconds deadline = scenario.workload.deadline;
  const auto* time = fault.params.find<nanoseconds>("for");
  if (time != nullptr && *time >= deadline) {
    out.push_back({fault.params.place("for"),
                   "the run is stopped after " + format_duration(deadline) +
                       ": for " + format_duration(*time) + " never ends"});
  }
  if (!fault.until || !fault.until->waits_for(Trigger::When::effects)) {
    return;
  }
  auto wanted = fault.until->params.get<std::int64_t>("effects");
  std::int64_t most = fault.most_effects();
  if (wanted > most) {
    out.push_back({fault.until->params.place("effects"),
                   "'" + fault.name + "' takes effect at most " +
                       std::to_string(most) + (most == 1 ? " time" : " times") +
                       ": its until never comes"});
  }
}

// A command that nobody asks about would let pass what it finds.
void look_at_command(const Scenario& scenario, std::vector<PlanTrouble>& out) {
  const Workload& workload = scenario.workload;
  auto asked = std::find_if(
      scenario.expect.begin(), scenario.expect.end(),
      [](const Expectation& one) { return one.type == "recover"; });
  bool counted =
      std::any_of(scenario.expect.begin(), scenario.expect.end(),
                  [](const Expectation& one) {
                    return one.type == "sweep" && one.params.has("lost");
                  });
  bool there = !workload.recover.empty();
  if (there && !counted && asked == scenario.expect.end()) {
    out.push_back({workload.place,
                   "recover is run, and no expectation asks how it ended: say "
                   "`recover: {exited: 0}`"});
  } else if (!there && asked != scenario.expect.end()) {
    out.push_back({asked->place, "the workload has no command `recover`"});
  }
  bool built = workload.service && workload.service->build;
  if (there && workload.recover.front() == kBuiltProgram && !built) {
    out.push_back({workload.place, "no go_build builds a ${program}"});
  }
}

}  // namespace

std::vector<PlanTrouble> recovery_troubles(const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  for (const Expectation& asked : scenario.expect) {
    if (asked.type == "recovered") {
      look_at(scenario, asked, out);
    }
  }
  for (const Fault& fault : scenario.faults) {
    look_at(scenario, fault, out);
  }
  look_at_command(scenario, out);
  return out;
}

std::vector<Recovery> recoveries_asked(const Scenario& scenario) {
  std::vector<Recovery> out;
  for (const Expectation& asked : scenario.expect) {
    if (asked.type != "recovered") {
      continue;
    }
    Recovery one;
    one.faults = released(scenario, asked.params);
    one.output = asked.params.get_or<std::string>("output", "");
    one.load = asked.params.get_or<std::string>("of", "");
    one.requests = asked.params.has("requests");
    one.by_call = asked.params.has("call");
    one.within = asked.params.get_or("within", nanoseconds(0));
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace faultrig
