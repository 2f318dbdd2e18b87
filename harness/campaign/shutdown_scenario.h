#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/shutdown_map.h"

namespace faultrig {

// What `faultrig shutdown` is told about a service.
struct ShutdownAsk {
  MapAsked asked;
  std::filesystem::path cwd;  // absolute: where the command runs
  std::string url;            // to ask for under load; empty: `/`
  std::string ready;          // `http:/healthz`, ...; empty: found out
  std::chrono::nanoseconds ready_within = std::chrono::seconds(10);
  std::chrono::nanoseconds grace = std::chrono::seconds(10);
  bool own_network = true;
  std::vector<std::string> leaves;  // globs: files that it may leave behind
  std::string in_place;    // why each run is in `cwd` itself; empty: in a copy
  std::size_t steps = 30;  // instants that are looked at first
  // That stand in every run, each in YAML, as in the list `faults`.
  std::vector<std::string> faults;
  std::string base;    // in place of the service above: base_yaml()
  bool loads = false;  // it has a load
  std::chrono::nanoseconds deadline{0};  // with `base`: what a run may take
  // Which instants: those before such calls (empty: of %network and %file),
  // until the first listen(2), or those of so much time from the start on.
  struct Over {
    std::vector<std::string> calls = {};
    bool until_listening = false;
    std::optional<std::chrono::nanoseconds> time = std::nullopt;
  };
  Over over = {};
};

// Why `--ready` will not do; empty: it will.
std::string wrong_with_ready(const std::string& ready);

// The scenarios of a map in YAML, as `faultrig run` takes them: what is written
// for a finding is what was run. An argument that is no UTF-8 cannot be written
// (usage).
Result<std::string> recording_yaml(const ShutdownAsk& ask);
// Whether it answers what it is asked for under load.
Result<std::string> asking_yaml(const ShutdownAsk& ask, const std::string& url);
Result<std::string> instant_yaml(const ShutdownAsk& ask,
                                 const Instant& instant);
// How many of its faults, the first ones, are what tells the service to stop.
std::size_t times_told(const Instant& instant);
// With what is expected of a service, and about the finding.
Result<std::string> finding_yaml(const ShutdownAsk& ask, const ShutdownMap& map,
                                 const MapFinding& finding);

// The second line of each such scenario.
inline constexpr std::string_view kMapTags = "tags: [shutdown]\n";

// Is this file of StopOutcome::left_files meant to stay, as its user says?
bool may_leave(const ShutdownAsk& ask, std::string_view left);

// `2-listening-unhandled`, for a file.
std::string finding_name(const ShutdownMap& map, std::size_t index);

}  // namespace faultrig
