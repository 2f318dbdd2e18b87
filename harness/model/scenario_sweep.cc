#include "harness/model/scenario_sweep.h"

#include <array>
#include <cerrno>

#include "harness/base/names.h"

namespace faultrig {

using Words = std::vector<std::string>;

std::string ScenarioSweep::peers_text() const {
  return over == Over::dependencies ? peers.text() : "";
}

std::vector<const Limit*> ScenarioSweep::limits() const {
  std::vector<const Limit*> out;
  for (const Limit& limit : all_limits()) {
    if (over == Over::limits && params.has(std::string(limit.name))) {
      out.push_back(&limit);
    }
  }
  return out;
}

std::string_view over_name(ScenarioSweep::Over over) {
  static constexpr std::array<std::string_view, 4> kNames{
      "calls", "stop", "limits", "dependencies"};
  return kNames.at(static_cast<std::size_t>(over));
}

SweepAsked asked_by(const ScenarioSweep& sweep) {
  const Params& params = sweep.params;
  SweepAsked asked;
  asked.calls = params.get_or<Words>("call", {});
  for (const std::string& name : params.get_or<Words>("errors", {})) {
    asked.errors.push_back(errno_number(name).value_or(EIO));
  }
  if (const auto* each = params.find<Words>("each")) {
    asked.each.clear();
    for (const std::string& word : *each) {
      asked.each.push_back(each_named(word).value_or(Each::once));
    }
  }
  if (sweep.over == ScenarioSweep::Over::dependencies) {
    asked.peers = sweep.peers;
    asked.each = params.has("each") ? asked.each : kEachOfPeers;
    return asked;
  }
  asked.in = params.get_or<std::string>("in", "");
  asked.of = params.get_or<std::string>("of", asked.of);
  for (const char* key : {"site", "path", "fd", "peer"}) {
    if (const auto* text = params.find<std::string>(key)) {
      asked.only[key] = *text;
    }
  }
  return asked;
}

}  // namespace faultrig
