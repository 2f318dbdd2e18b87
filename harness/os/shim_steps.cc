#include "harness/os/shim_steps.h"

#include <algorithm>
#include <array>

namespace faultrig {

std::string step_name(const std::vector<ChildStep>& steps, int number) {
  static constexpr std::array<const char*, 13> kNames{
      "join the cgroup",
      "set the resource limit",
      "enter the folder",
      "mount the folder",
      "load the filter",
      "make a network of its own for",
      "make process 1 of",
      "enter the network for",
      "mount a disk for",
      "enter the disk for",
      "be a user in a namespace of its own for",
      "set rules in the network of",
      "mount an image for"};
  auto index = static_cast<std::size_t>(number);
  if (index > steps.size()) {
    return index == steps.size() + 1 ? "find the parent of" : "hold";
  }
  return index < steps.size() ? kNames[steps[index].index()] : "exec";
}

bool stops_exec(const std::vector<ChildStep>& steps) {
  for (const ChildStep& step : steps) {
    const auto* filter = std::get_if<InstallFilter>(&step);
    if (filter != nullptr && filter->stops_exec) {
      return true;
    }
  }
  return false;
}

namespace {

template <typename Step>
bool has(const std::vector<ChildStep>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const ChildStep& step) {
    return std::holds_alternative<Step>(step);
  });
}

}  // namespace

bool lends(const std::vector<ChildStep>& steps) {
  return has<MountDisk>(steps) || has<RuleNetwork>(steps);
}

bool has_own_user(const std::vector<ChildStep>& steps) {
  return has<OwnUser>(steps);
}

bool has_own_pids(const std::vector<ChildStep>& steps) {
  return has<OwnPids>(steps);
}

}  // namespace faultrig
