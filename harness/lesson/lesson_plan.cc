#include "harness/lesson/lesson_plan.h"

#include <array>
#include <utility>

#include "harness/plan/planner.h"

namespace faultrig {

namespace {

constexpr std::array<std::pair<const char*, const char*>, 4> kGoAlone{
    {{"GOFLAGS", "-mod=mod"},
     {"GOWORK", "off"},
     {"GOPROXY", "off"},
     {"GOTOOLCHAIN", "local"}}};

}  // namespace

Result<Plan> lesson_plan(Scenario scenario) {
  for (const auto& [name, value] : kGoAlone) {
    scenario.workload.env.try_emplace(name, value);
  }
  return plan_or_trouble(scenario);
}

Result<TempDir> lesson_folder(Session& session) {
  if (auto folder = session.make_work_folder()) {
    return std::move(*folder);
  }
  return session.make_folder();
}

}  // namespace faultrig
