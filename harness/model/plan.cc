#include "harness/model/plan.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "harness/base/names.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

namespace faultrig {

FdKind fd_kind_named(std::string_view name) {
  static const std::map<std::string_view, FdKind> kKinds{
      {"file", FdKind::file},
      {"socket", FdKind::socket},
      {"pipe", FdKind::pipe},
      {"stdio", FdKind::stdio}};
  auto found = kKinds.find(name);
  return found == kKinds.end() ? FdKind::any_but_stdio : found->second;
}

std::string_view fd_kind_name(FdKind kind) {
  static constexpr std::string_view kNames[] = {"", "file", "socket", "pipe",
                                                "stdio"};
  return kNames[static_cast<int>(kind)];
}

std::string_view call_action_name(CallAction action) {
  switch (action) {
    case CallAction::observe:
      return "observe";
    case CallAction::error:
      return "error";
    case CallAction::returns:
      return "returns";
    case CallAction::shorten:
      return "short";
    case CallAction::delay:
      return "delay";
    case CallAction::signal:
      return "signal";
    case CallAction::redirect:
      return "redirect";
  }
  return "observe";
}

std::string CallRule::text() const {
  switch (action) {
    case CallAction::observe:
      return "is watched";
    case CallAction::error:
      return "fails with " + errno_name(static_cast<int>(number));
    case CallAction::returns:
      return "does nothing and returns " + std::to_string(number);
    case CallAction::shorten:
      return "moves at most " + std::to_string(number) + " bytes";
    case CallAction::delay:
      return "is delayed by " +
             format_duration(std::chrono::nanoseconds(number));
    case CallAction::signal:
      return "comes with " + signal_name(static_cast<int>(number));
    case CallAction::redirect:
      return "is led through faultrig";
  }
  return "is watched";
}

std::string CallRule::selects() const {
  constexpr std::size_t kMostNamed = 6;
  std::vector<std::string> named(
      calls.begin(), calls.begin() + static_cast<std::ptrdiff_t>(
                                         std::min(calls.size(), kMostNamed)));
  std::string out = join(named, ", ");
  if (calls.size() > kMostNamed) {
    out += " and " + std::to_string(calls.size() - kMostNamed) + " more calls";
  }
  if (!path.empty()) {
    out += " of " + path;
  }
  static constexpr const char* kKinds[] = {"", " on files", " on sockets",
                                           " on pipes", " on stdio"};
  out += kKinds[static_cast<int>(fd)];
  out += peer.empty() ? "" : " to " + peer;
  out += origin.text();
  if (watches_fd_limit()) {
    out += " with no descriptor left";
  }
  if (nth) {
    out += ", number " + nth->text();
  }
  if (chance) {
    char share[32];
    (void)std::snprintf(share, sizeof share, ", %g%% of them", *chance * 100);
    out += share;
  }
  return out;
}

bool CallRule::names_exec() const {
  return std::any_of(calls.begin(), calls.end(), [](const std::string& call) {
    return call == "execve" || call == "execveat";
  });
}

Result<> LinkSetup::add_cap(const CountedCap& cap) {
  if (controllers().contains(cap.controller)) {
    return usage_error("one link can have one " +
                       std::string(controller_name(cap.controller)) + " cap");
  }
  caps.push_back(cap);
  return Ok{};
}

namespace {
constexpr const char* kDiskAndCrash =
    "one link can have a disk or a crash, not both";
}  // namespace

Result<> LinkSetup::add_disk(OwnDisk own) {
  if (disk || crash) {
    return usage_error(disk ? "one link can have one disk" : kDiskAndCrash);
  }
  disk = std::move(own);
  return Ok{};
}

Result<> LinkSetup::add_crash(CrashFolder folder) {
  if (disk || crash) {
    return usage_error(crash ? "one link can have one crash" : kDiskAndCrash);
  }
  crash = std::move(folder);
  return Ok{};
}

Result<> LinkSetup::add_network(OwnNet own) {
  TRY_ASSIGN(network, joined(std::move(network), std::move(own)));
  return Ok{};
}

bool Plan::own_tmpdir() const {
  return std::any_of(launch.links.begin(), launch.links.end(),
                     [](const auto& link) {
                       const auto& disk = link.second.disk;
                       return disk && disk->path == kOwnTmpdir;
                     });
}

std::set<Controller> LinkSetup::controllers() const {
  std::set<Controller> out;
  for (const CountedCap& cap : caps) {
    out.insert(cap.controller);
  }
  return out;
}

bool LinkSetup::needs_listener() const {
  return !clock.empty() || disk || crash || looks_at_exit ||
         std::any_of(rules.begin(), rules.end(),
                     [](const CallRule& rule) { return !rule.in_kernel; });
}

bool LinkSetup::needs_copies() const {
  return disk || (crash && crash->image.empty()) ||
         std::any_of(rules.begin(), rules.end(), [](const CallRule& rule) {
           bool made_by_us = rule.moment == CallMoment::listening ||
                             rule.moment == CallMoment::accepted;
           return rule.action == CallAction::shorten || made_by_us ||
                  !rule.peer.empty() || rule.names_exec();
         });
}

}  // namespace faultrig
