#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/plan.h"
#include "harness/model/schema.h"

namespace faultrig {

// Why a scenario that reads well cannot be planned.
struct PlanTrouble {
  Place place;
  std::string what;
};

struct Planned {
  std::optional<Plan> plan;  // only without troubles
  std::vector<PlanTrouble> troubles;
};

// Resolves a scenario: asks each injector what it wants, adds the rules of
// triggers and of `calls`, checks that all of it can be had together. Pure.
Planned make_plan(const Scenario& scenario, std::uint64_t seed);
// The same for a scenario of our own making: its first trouble is a usage
// error.
Result<Plan> plan_or_trouble(const Scenario& scenario);

// The sections of all injectors and expectations, for parsing and for help.
Language full_language();

// How each injector's fault is proved, one sentence, by its name.
std::map<std::string, std::string, std::less<>> injector_proofs();

}  // namespace faultrig
