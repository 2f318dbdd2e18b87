// A run would find that out too, when its deadline has passed.
#include "harness/plan/waiting.h"

#include <algorithm>
#include <optional>
#include <string>

#include "harness/base/units.h"

namespace faultrig {

namespace {

using std::chrono::nanoseconds;

// The key by which it waits for another fault; empty: it does not.
std::string waits_by(const Fault& fault) {
  return fault.when.params.has("fault")     ? "fault"
         : fault.when.params.has("release") ? "release"
                                            : "";
}

// Those that can begin, whatever the others do, and those that wait for them.
std::vector<bool> can_begin(const std::vector<Fault>& faults) {
  std::vector<bool> can;
  can.reserve(faults.size());
  for (const Fault& fault : faults) {
    can.push_back(waits_by(fault).empty());
  }
  for (bool more = true; more;) {
    more = false;
    for (std::size_t i = 0; i < faults.size(); ++i) {
      if (can[i]) {
        continue;
      }
      auto awaited = faults_called(
          faults, faults[i].when.params.get<std::string>(waits_by(faults[i])),
          static_cast<FaultId>(i));
      can[i] = std::any_of(awaited.begin(), awaited.end(), [&](FaultId id) {
        return can[static_cast<std::size_t>(id)];
      });
      more = more || can[i];
    }
  }
  return can;
}

void find_circles(const Scenario& scenario, std::vector<PlanTrouble>& out) {
  const std::vector<Fault>& faults = scenario.faults;
  std::vector<bool> can = can_begin(faults);
  for (std::size_t i = 0; i < faults.size(); ++i) {
    std::string key = waits_by(faults[i]);
    auto name = faults[i].when.params.get_or<std::string>(key, "");
    bool known = !faults_called(faults, name, static_cast<FaultId>(i)).empty();
    if (!can[i] && known) {
      out.push_back({faults[i].when.params.place(key),
                     "waits for '" + name + "', which waits for this one"});
    }
  }
}

// The fault whose release ends this one; nothing: something else does.
std::optional<FaultId> ended_by(const std::vector<Fault>& faults,
                                FaultId fault) {
  const auto& until = faults[static_cast<std::size_t>(fault)].until;
  if (!until || !until->params.has("release")) {
    return std::nullopt;
  }
  auto called =
      faults_called(faults, until->params.get<std::string>("release"), fault);
  return called.size() == 1 ? std::optional(called.front()) : std::nullopt;
}

void find_circles_of_releases(const Scenario& scenario,
                              std::vector<PlanTrouble>& out) {
  const std::vector<Fault>& faults = scenario.faults;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    auto self = static_cast<FaultId>(i);
    auto next = ended_by(faults, self);
    for (std::size_t steps = 0; next && *next != self && steps < faults.size();
         ++steps) {
      next = ended_by(faults, *next);
    }
    if (next == self) {
      out.push_back({faults[i].until->params.place("release"),
                     "each waits for the release of the other"});
    }
  }
}

void find_empty(const Expectation& asked, std::vector<PlanTrouble>& out) {
  const auto* within = asked.params.find<nanoseconds>("within");
  const auto* least = asked.params.find<nanoseconds>("at_least");
  if (asked.type == "drain" && within != nullptr && least != nullptr &&
      *least > *within) {
    out.push_back({asked.params.place("at_least"),
                   "at least " + format_duration(*least) + " is not within " +
                       format_duration(*within)});
  }
  auto selects = [](const auto& entry) {
    return entry.first == "of" || entry.first == "sent";
  };
  const auto& entries = asked.params.entries();
  bool of_many = asked.type == "requests" || asked.type == "connections";
  if (of_many && std::all_of(entries.begin(), entries.end(), selects)) {
    out.push_back(
        {asked.place, asked.type + ": says which, and asks nothing of them"});
  }
}

}  // namespace

std::vector<PlanTrouble> waits_in_vain(const Scenario& scenario) {
  std::vector<PlanTrouble> out;
  find_circles(scenario, out);
  find_circles_of_releases(scenario, out);
  for (const Expectation& asked : scenario.expect) {
    find_empty(asked, out);
  }
  return out;
}

}  // namespace faultrig
