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

std::vector<std::string> lesson_environment(
    const std::vector<std::string>& users) {
  std::vector<std::string> out = users;
  for (const auto& [name, value] : kGoAlone) {
    std::string entry = std::string(name) + "=";
    std::erase_if(out, [&entry](const std::string& one) {
      return one.starts_with(entry);
    });
    out.push_back(entry + value);
  }
  return out;
}

Result<TempDir> lesson_folder(Session& session) {
  if (auto folder = session.make_work_folder()) {
    return std::move(*folder);
  }
  return session.make_folder();
}

}  // namespace faultrig
