#pragma once

// What the readers of a service and of its load share.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/service.h"
#include "harness/model/values.h"
#include "harness/parse/complaint.h"
#include "harness/parse/yaml_tree.h"

namespace faultrig {

struct Ask {
  bool& tls;
  std::string& host;
  int& port;
  std::string& path;
};

// What a request asks for; nothing is changed where it is no target.
void add_target(const YamlNode& node, Ask ask, Complaints& complaints);

// A `status` of HTTP (RFC 9110, section 15).
void check_status(const YamlNode& node, std::int64_t status,
                  Complaints& complaints);

// What nobody can give or keep; `most` is told.
void check_most(const YamlNode& node, const char* key, bool holds,
                const std::string& most, Complaints& complaints);

// `ready_within` and `grace` of a service, or of one that it needs.
void check_times_of(const YamlNode& service,
                    std::chrono::nanoseconds ready_within,
                    std::chrono::nanoseconds grace, Complaints& complaints);

// `ready` of one.
Ready read_ready_of(const YamlNode& service, Complaints& complaints);

// What is run, and where.
struct Runnable {
  std::vector<std::string> command;
  std::optional<GoBuild> build;
  std::map<std::string, std::string> env;
  std::filesystem::path cwd;
};

// `command` or `go_build`, `env` and `cwd` of one; `into` has what holds
// without them.
void read_program(const YamlNode& node, const Params& params,
                  const std::filesystem::path& folder, Runnable& into,
                  Complaints& complaints);

// `needs` of a service, each behind all that it needs itself. `usual`: env and
// cwd of one that says nothing of them.
std::vector<Need> read_needs(const YamlNode& node, const Runnable& usual,
                             const std::filesystem::path& folder,
                             Complaints& complaints);

// `load` of a workload.
std::vector<Load> read_loads(const YamlNode& node, Complaints& complaints);

}  // namespace faultrig
